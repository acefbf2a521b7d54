import { type CandidateSource, preparedBlocks } from '../../candidates/candidate-source.js';
import {
  type FittedSource,
  fitToTopology,
  openSource,
  type SourceSettings,
  type TopologySource,
} from '../../candidates/fitted-source.js';
import { topListed } from '../../candidates/top-pins.js';
import { cheapFits } from '../../candidates/tune.js';
import type { Topology } from '../../graph/graph.js';
import { hitsOf, recallAt } from '../../metrics/ranking.js';
import { type Progress, silentProgress } from '../../progress.js';
import { gatherCandidates } from '../../ranking/candidate-set.js';
import type { JudgedQuery } from '../../ranking/examples.js';
import { sharesOfBest } from '../../ranking/features.js';

/**
 * How settings are chosen for a source of a model. `candidates/tune` searches for those of a baseline, which are to find
 * the most by themselves and may cost many fits; these are to serve beside other sources, and are few, for `train` waits.
 */
interface TrainingSearch {
  /** Changes tried one after another from the best settings of the lists before; the first list says where to start. */
  readonly lists: readonly (readonly SourceSettings[])[];
  /** Whether all of them are settings that only querying reads: one fit serves. */
  readonly queryOnly?: boolean;
  /** Makes a fit cheap while settings are compared; the chosen ones are fitted again without it. */
  readonly trial?: SourceSettings;
}

/** Sources whose settings are worth a search: graphs are too unlike for one choice. */
const trainingSearches: Partial<Record<TopologySource, TrainingSearch>> = {
  // Co-occurrence weighs shared boards and pins differently by graph.
  rp3beta: { lists: [[0.4, 0.55, 0.7, 0.85, 1].map((alpha) => ({ alpha, gamma: 0.6, beta: 0.2 }))] },
  ease: { lists: [[50, 200, 800].map((regularisation) => ({ regularisation }))], trial: cheapFits.ease },
  ials: {
    lists: [
      [0.003, 0.01, 0.03].map((regularisation) => ({ unobserved: 0.01, regularisation })),
      [0.003, 0.03, 0.1].map((unobserved) => ({ unobserved })),
    ],
    trial: cheapFits.ials,
  },
  // The first is GF-CF as published.
  gfcf: {
    lists: [
      [
        { weight: 0.3, sharpen: 0 },
        { weight: 0.3, sharpen: 0.5 },
        { weight: 0.5, sharpen: 1 },
        { weight: 0.6, sharpen: 1.2 },
        { weight: 0.8, sharpen: 1.3 },
      ],
    ],
    queryOnly: true,
  },
  // A small or dense graph wants fewer factors: 512 may be nearly all that it has.
  spectral: {
    lists: [
      [512, 256, 128, 64, 32, 16, 8].map((factors) => ({ factors, popularity: 0.3 })),
      [0.2, 0.45].map((popularity) => ({ popularity })),
    ],
    queryOnly: true,
  },
};

const cut = 20;
/** Pins asked of each source. */
const deep = 100;

/** The share of what was saved that is among up to `cut` pins. */
function recallWithin(listed: Uint32Array, saved: ReadonlySet<number>): number {
  return recallAt(hitsOf(listed, saved), saved.size, cut);
}

interface Recalls {
  /** Of the sum of all sources' scores, each over its best of the query. */
  readonly together: number;
  /** Of the last source's own list. */
  readonly alone: number;
}

/**
 * The recalls of each of several `trials` of one source beside the same partners. Partners score a block of queries
 * once for all trials: that is most of the work.
 */
function recallsOf(
  partners: readonly CandidateSource[],
  trials: readonly CandidateSource[],
  judged: readonly JudgedQuery[],
  judgedSoFar: (share: number) => void,
): Recalls[] {
  const sums = trials.map(() => ({ together: 0, alone: 0 }));
  let done = 0;
  for (const block of preparedBlocks(judged, [...partners, ...trials])) {
    trials.forEach((trial, t) => {
      for (const { query, saved } of block) {
        const { pins, columns, usual } = gatherCandidates([...partners, trial], query, deep);
        const total = new Float32Array(pins.length);
        for (const { scores } of columns) sharesOfBest(scores, usual).forEach((share, row) => (total[row] += share));
        const { ranks } = columns[columns.length - 1];
        sums[t].together += recallWithin(topListed(pins, total, cut).pins, saved);
        sums[t].alone += recallWithin(
          pins.filter((_, row) => ranks[row] >= 0 && ranks[row] < cut),
          saved,
        );
      }
    });
    judgedSoFar((done += block.length) / judged.length);
  }
  return sums.map(({ together, alone }) => ({ together: together / judged.length, alone: alone / judged.length }));
}

/**
 * Fits a source to a graph under each setting worth trying and keeps the one that finds most of the judged
 * boards' hidden pins together with its partners. What serves best beside them need not be best alone: the settings
 * that find most by the source itself are kept as `alone`. A source without such settings is fitted as it is.
 */
export async function fitBestSource(
  topology: Topology,
  name: TopologySource,
  judged: readonly JudgedQuery[],
  partners: readonly CandidateSource[],
  progress: Progress = silentProgress,
): Promise<FittedSource> {
  const search = trainingSearches[name];
  if (!search) return fitToTopology(topology, name, {}, progress);
  const { lists, queryOnly, trial } = search;
  const stage = progress.stage(`choosing settings of ${name}`, lists.flat().length);
  let best: FittedSource | undefined;
  let mostTogether = -1;
  let mostAlone = -1;
  let alone: SourceSettings = {};
  let done = 0;
  for (const list of lists) {
    const from = best?.settings;
    // Without partners nothing is gained by holding all fits at once.
    for (const changes of partners.length > 0 ? [list] : list.map((change) => [change])) {
      const fits: FittedSource[] = [];
      for (const change of changes) {
        const settings = { ...from, ...change };
        const known = queryOnly ? (best ?? fits[0]) : undefined;
        const fitted = known ?? (await fitToTopology(topology, name, { ...settings, ...trial }));
        fits.push({ ...fitted, settings });
      }
      const recalls = recallsOf(
        partners,
        fits.map((fitted) => openSource(fitted, { topology })),
        judged,
        (share) => stage.update(Math.floor(done + share * fits.length), best && { [`recall@${cut}`]: mostTogether }),
      );
      done += fits.length;
      recalls.forEach((recall, i) => {
        if (!best || recall.together > mostTogether) {
          best = fits[i];
          mostTogether = recall.together;
        }
        if (recall.alone > mostAlone) {
          alone = fits[i].settings;
          mostAlone = recall.alone;
        }
      });
    }
  }
  stage.finish(`${JSON.stringify(best?.settings)}, recall@${cut} ${mostTogether.toFixed(4)}`);
  const chosen = { ...best?.settings, alone };
  return trial ? fitToTopology(topology, name, chosen, progress) : { ...(best as FittedSource), settings: chosen };
}
