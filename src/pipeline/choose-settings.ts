import { type FittedSource, fitSource, openSource, type SourceSettings } from '../candidates/fitted-source.js';
import type { CandidateSource, SourceName } from '../candidates/candidate-source.js';
import { topListed } from '../candidates/top-pins.js';
import type { Graph } from '../graph/graph.js';
import { recallAt } from '../metrics/ranking.js';
import { type Progress, silentProgress } from '../progress.js';
import { gatherCandidates } from '../ranking/candidate-set.js';
import { sharesOfBest } from '../ranking/features.js';
import type { JudgedQuery } from '../ranking/examples.js';

/** Settings that fitting reads: each costs a fit. Co-occurrence weighs shared boards and pins differently by graph. */
const fits: Partial<Record<SourceName, readonly SourceSettings[]>> = {
  rp3beta: [0.4, 0.55, 0.7, 0.85, 1].map((alpha) => ({ alpha, gamma: 0.6, beta: 0.2 })),
  ease: [50, 200, 800].map((regularisation) => ({ regularisation })),
  ials: [
    { unobserved: 0.003, regularisation: 0.01 },
    { unobserved: 0.01, regularisation: 0.003 },
    { unobserved: 0.01, regularisation: 0.01 },
    { unobserved: 0.03, regularisation: 0.003 },
    { unobserved: 0.1, regularisation: 0.003 },
  ],
};

/** What makes a fit cheap while settings are compared; the chosen ones are fitted again without it. */
const trials: Partial<Record<SourceName, SourceSettings>> = { ease: { rows: 4096 }, ials: { factors: 256, epochs: 4 } };

/** Settings that only querying reads: the fitted part serves all of them. The first is GF-CF as published. */
const views: Partial<Record<SourceName, readonly SourceSettings[]>> = {
  gfcf: [
    { weight: 0.3, sharpen: 0 },
    { weight: 0.3, sharpen: 0.5 },
    { weight: 0.5, sharpen: 1 },
    { weight: 0.6, sharpen: 1.2 },
    { weight: 0.8, sharpen: 1.3 },
  ],
  // A small or dense graph wants fewer factors: 512 may be nearly all that it has.
  spectral: [
    ...[0.3, 0.2, 0.45].map((popularity) => ({ factors: 512, popularity })),
    ...[256, 128, 64].map((factors) => ({ factors, popularity: 0.3 })),
  ],
};

const cut = 20;
/** Pins asked of each source. */
const deep = 100;
/** Queries that a source scores together. */
const blockSize = 16;

/** Recall of the sum of the sources' scores, each over its best of the query. */
function recallOf(sources: readonly CandidateSource[], judged: readonly JudgedQuery[]): number {
  let sum = 0;
  for (let from = 0; from < judged.length; from += blockSize) {
    const block = judged.slice(from, from + blockSize);
    for (const source of sources) source.prepare?.(block.map(({ query }) => query));
    for (const { query, saved } of block) {
      const { pins, columns } = gatherCandidates(sources, query, deep);
      const total = new Float32Array(pins.length);
      for (const { scores } of columns) sharesOfBest(scores).forEach((share, row) => (total[row] += share));
      const hits = Uint8Array.from(topListed(pins, total, cut).pins, (pin) => (saved.has(pin) ? 1 : 0));
      sum += recallAt(hits, saved.size, cut);
    }
  }
  return sum / judged.length;
}

/**
 * Fits a source to a graph under each setting worth trying and keeps the one that finds most of the judged
 * boards' hidden pins together with its partners: what serves best beside them need not be best alone. A
 * source without such settings is fitted as it is.
 */
export async function fitBestSource(
  graph: Graph,
  name: SourceName,
  judged: readonly JudgedQuery[],
  partners: readonly CandidateSource[],
  progress: Progress = silentProgress,
): Promise<FittedSource> {
  const tried = fits[name] ?? [{}];
  const seen = views[name] ?? [{}];
  if (tried.length * seen.length === 1) return fitSource(graph, name, {}, progress);
  const stage = progress.stage(`choosing settings of ${name}`, tried.length * seen.length);
  let best: FittedSource | undefined;
  let bestRecall = -1;
  let done = 0;
  for (const settings of tried) {
    const fitted = await fitSource(graph, name, { ...settings, ...trials[name] });
    for (const view of seen) {
      const candidate: FittedSource = { ...fitted, settings: { ...settings, ...view } };
      const recall = recallOf([...partners, openSource(candidate, { topology: graph.topology })], judged);
      if (recall > bestRecall) {
        best = candidate;
        bestRecall = recall;
      }
      stage.update(++done, { [`recall@${cut}`]: bestRecall });
    }
  }
  stage.finish(`${JSON.stringify(best?.settings)}, recall@${cut} ${bestRecall.toFixed(4)}`);
  return trials[name] ? fitSource(graph, name, best?.settings, progress) : (best as FittedSource);
}
