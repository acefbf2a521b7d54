import { type EdgeList, pinsByBoard } from '../graph/adjacency.js';
import { type Graph, neighboursOf } from '../graph/graph.js';
import { withoutEdges } from '../graph/memory-graph.js';
import { minimumPinsOf } from '../graph/minimum-pins.js';
import { holdsText } from '../graph/pin-text.js';
import { heldOutPairs, holdOutEdges } from '../graph/split.js';
import { hitsOf, recallAt } from '../metrics/ranking.js';
import { type Progress, silentProgress } from '../progress.js';
import { random, shuffle } from '../random.js';
import { withDefaults } from '../with-defaults.js';
import {
  type CandidateQuery,
  type CandidateSource,
  evenQuery,
  preparedBlocks,
  type SourceName,
} from './candidate-source.js';
import { type FittedSource, fitSource, openSource, type SourceSettings } from './fitted-source.js';
import { gfcfDefaults } from './gfcf.js';
import { itemKnnDefaults } from './itemknn.js';
import { rp3betaDefaults } from './rp3beta.js';
import { spectralDefaults } from './spectral.js';

export interface TuneOptions {
  /** Share of each board's pins hidden to tune on. */
  edgeFraction: number;
  /** Boards judged for each setting, drawn at random. */
  boards: number;
  /** Recall is taken at this cut-off. */
  k: number;
  seed: number;
  progress: Progress;
}

export const tuneDefaults: TuneOptions = {
  edgeFraction: 0.2,
  boards: 4_000,
  k: 20,
  seed: 1,
  progress: silentProgress,
};

/** Chosen settings by source. */
export type SourceChoices = Partial<Record<SourceName, SourceSettings>>;

/** One setting and the values tried for it. */
type Axis = readonly [name: string, values: readonly (number | boolean)[]];

/**
 * How a baseline is tuned: along one axis after another, wide, for it stands alone in a comparison. When a model is
 * trained, `pipeline/fit/fit-best-source` searches fewer settings, by what its sources find together.
 */
interface BaselineSearch {
  readonly start: SourceSettings;
  /** Searched one after another, each from the best of those before. */
  readonly axes: readonly Axis[];
  /** Settings that only querying reads: trying them needs no new fit. */
  readonly queryOnly: readonly string[];
  /** Makes a fit cheap while settings are compared; not kept. */
  readonly trial?: SourceSettings;
  /** Whether a graph has what the source reads; all have unless told. */
  readonly suits?: (graph: Graph) => boolean;
}

/**
 * Settings of fits that are compared with each other only. A smaller system or fewer factors choose much as large ones
 * do, at a fraction of the cost. Too few do not: 128 factors want more regularisation than 512.
 */
export const cheapFits = { ease: { rows: 4096 }, ials: { factors: 256, epochs: 4 } } as const;

/** Wide enough for graphs as unlike as check-ins, libraries of papers and package dependencies. */
const baselineSearches: Partial<Record<SourceName, BaselineSearch>> = {
  itemknn: {
    start: { ...itemKnnDefaults },
    axes: [
      ['shrink', [0, 5, 20, 50, 100]],
      ['neighbours', [50, 100, 200, 400]],
    ],
    queryOnly: [],
  },
  rp3beta: {
    start: { ...rp3betaDefaults },
    axes: [
      ['alpha', [0.3, 0.5, 0.7, 0.9, 1.1]],
      ['beta', [0, 0.1, 0.2, 0.3, 0.5]],
      ['gamma', [0.5, 0.6, 0.7]],
      ['neighbours', [100, 200, 400]],
    ],
    queryOnly: [],
  },
  ease: {
    start: { regularisation: 200 },
    axes: [['regularisation', [25, 50, 100, 200, 400, 800]]],
    queryOnly: [],
    trial: cheapFits.ease,
  },
  ials: {
    start: { regularisation: 0.003 },
    axes: [
      ['unobserved', [0.003, 0.01, 0.03, 0.1]],
      ['regularisation', [0.001, 0.003, 0.01, 0.03]],
      ['unobserved', [0.003, 0.01, 0.03, 0.1]],
    ],
    queryOnly: [],
    trial: cheapFits.ials,
  },
  content: { start: {}, axes: [['characterGrams', [0, 4, 5]]], queryOnly: [], suits: holdsText },
  gfcf: {
    start: { factors: gfcfDefaults.factors },
    axes: [
      ['factors', [256, 64]],
      ['weight', [0, 0.1, 0.3, 1, 3]],
    ],
    queryOnly: ['factors', 'weight'],
  },
  spectral: {
    start: { factors: spectralDefaults.factors },
    axes: [
      ['factors', [512, 256, 128, 64, 32, 16, 8]],
      ['popularity', [0.2, 0.3, 0.45, 0.6]],
    ],
    queryOnly: ['factors', 'popularity'],
  },
  pixie: {
    start: {},
    axes: [
      ['restart', [0.5, 0.7, 0.9]],
      ['boost', [false, true]],
    ],
    queryOnly: ['restart', 'boost'],
  },
};

/**
 * The settings of each tunable source among `names` with the best recall on edges hidden from a whole graph; none where
 * its boards are too short to lose a pin.
 */
export async function tuneSources(
  graph: Graph,
  names: readonly string[],
  options: Partial<TuneOptions> = {},
): Promise<SourceChoices> {
  const { edgeFraction, seed } = withDefaults(tuneDefaults, options);
  const mask = holdOutEdges(graph, { edgeFraction, minimumPins: minimumPinsOf(graph), use: 'validation', seed });
  return tuneOnHidden(withoutEdges(graph, mask), heldOutPairs(graph, mask), names, options);
}

/** The best settings of each tunable source among `names` on edges hidden already: `visible` is the graph without them. */
export async function tuneOnHidden(
  visible: Graph,
  hidden: EdgeList,
  names: readonly string[],
  options: Partial<TuneOptions> = {},
): Promise<SourceChoices> {
  const settings = withDefaults(tuneDefaults, options);
  const validation = validationOf(visible, hidden, settings);
  const best: SourceChoices = {};
  if (validation.cases.length === 0) {
    settings.progress.note(
      'Nothing is tuned: no board of the graph can lose a pin to judge settings by. Sources keep the settings that they had.',
    );
    return best;
  }
  for (const [name, search] of Object.entries(baselineSearches) as [SourceName, BaselineSearch][])
    if (names.includes(name) && (search.suits?.(visible) ?? true))
      best[name] = await tuneSource(name, search, validation, settings);
  return best;
}

interface Validation {
  readonly graph: Graph;
  readonly cases: readonly { readonly query: CandidateQuery; readonly hidden: ReadonlySet<number> }[];
}

/** The boards that lost edges, a sample of them. */
function validationOf(graph: Graph, pairs: EdgeList, { boards, seed }: TuneOptions): Validation {
  const hidden = pinsByBoard(pairs);
  const drawn = shuffle(Uint32Array.from(hidden.keys()), random(seed)).subarray(0, boards).sort();
  return {
    graph,
    cases: Array.from(drawn, (board) => ({
      query: evenQuery(neighboursOf(graph.topology.boards, board)),
      hidden: new Set(hidden.get(board)),
    })),
  };
}

async function tuneSource(
  name: SourceName,
  search: BaselineSearch,
  validation: Validation,
  options: TuneOptions,
): Promise<SourceSettings> {
  const { k, progress } = options;
  const { topology } = validation.graph;
  const tries = search.axes.reduce((sum, [, values]) => sum + values.length, 0);
  const stage = progress.stage(`tuning ${name}`, tries);
  let fitted: FittedSource | undefined;
  let best = search.start;
  let bestRecall = -1;
  let tried = 0;
  for (const [axis, values] of search.axes) {
    const from = best;
    for (const value of values) {
      stage.update(tried++, { [`recall@${k}`]: bestRecall });
      // The start of a later axis has been judged on the one before.
      if (bestRecall >= 0 && from[axis] === value) continue;
      const settings = { ...from, [axis]: value };
      if (!fitted || !search.queryOnly.includes(axis))
        fitted = await fitSource(validation.graph, name, { ...settings, ...search.trial });
      const recall = meanRecall(openSource({ ...fitted, settings }, { topology }), validation, k);
      if (recall > bestRecall) {
        bestRecall = recall;
        best = settings;
      }
    }
  }
  stage.finish(`recall@${k} ${bestRecall.toFixed(4)} with ${JSON.stringify(best)}`);
  return best;
}

function meanRecall(source: CandidateSource, { cases }: Validation, k: number): number {
  let sum = 0;
  for (const block of preparedBlocks(cases, [source]))
    for (const { query, hidden } of block)
      sum += recallAt(hitsOf(source.retrieve(query, k).pins, hidden), hidden.size, k);
  return sum / cases.length;
}
