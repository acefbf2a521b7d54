import type { EdgeList } from '../graph/adjacency.js';
import { type Graph, neighboursOf } from '../graph/graph.js';
import { withoutEdges } from '../graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../graph/split.js';
import { recallAt } from '../metrics/ranking.js';
import { type Progress, silentProgress } from '../progress.js';
import { random, shuffle } from '../random.js';
import { type CandidateSource, evenQuery, type SourceName } from './candidate-source.js';
import { fitSource, openSource, type SourceSettings } from './fitted-source.js';

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
  boards: 2_000,
  k: 20,
  seed: 1,
  progress: silentProgress,
};

/** Chosen settings by source. */
export type SourceChoices = Partial<Record<SourceName, SourceSettings>>;

type Grid = readonly { readonly fit: SourceSettings; readonly query: readonly SourceSettings[] }[];

const each = <T>(values: readonly T[], make: (value: T) => SourceSettings): SourceSettings[] => values.map(make);

/**
 * Settings tried. Those of fitting cost a fit each, those of querying only a pass over the boards. Chosen
 * to bracket what is best on graphs as unlike as check-ins, libraries of papers and package dependencies.
 */
const grids: Partial<Record<SourceName, Grid>> = {
  itemknn: [50, 200].flatMap((neighbours) =>
    each([0, 10, 50], (shrink) => ({ neighbours, shrink })).map((fit) => ({ fit, query: [{}] })),
  ),
  rp3beta: [0.5, 0.7, 0.9].flatMap((alpha) =>
    [0.1, 0.3, 0.5].map((beta) => ({ fit: { alpha, beta, neighbours: 400 }, query: [{}] })),
  ),
  gfcf: [{ fit: { factors: 256 }, query: each([0, 0.1, 0.3, 0.6, 1], (weight) => ({ weight })) }],
};

/** The settings of each tunable source among `names` with the best recall on edges hidden from a whole graph. */
export function tuneSources(graph: Graph, names: readonly string[], options: Partial<TuneOptions> = {}): SourceChoices {
  const { edgeFraction, seed } = { ...tuneDefaults, ...options };
  const mask = holdOutEdges(graph, { edgeFraction, seed });
  return tuneOnHidden(withoutEdges(graph, mask), heldOutPairs(graph, mask), names, options);
}

/** The same where the edges are hidden already: `visible` is the graph without `hidden`. */
export function tuneOnHidden(
  visible: Graph,
  hidden: EdgeList,
  names: readonly string[],
  options: Partial<TuneOptions> = {},
): SourceChoices {
  const settings = { ...tuneDefaults, ...options };
  const validation = validationOf(visible, hidden, settings);
  const best: SourceChoices = {};
  for (const [name, grid] of Object.entries(grids) as [SourceName, Grid][])
    if (names.includes(name)) best[name] = tuneSource(name, grid, validation, settings);
  return best;
}

interface Validation {
  readonly graph: Graph;
  readonly cases: readonly { readonly query: Uint32Array; readonly hidden: ReadonlySet<number> }[];
}

/** The boards that lost edges, a sample of them. */
function validationOf(graph: Graph, pairs: EdgeList, { boards, seed }: TuneOptions): Validation {
  const hidden = new Map<number, Set<number>>();
  pairs.boards.forEach((board, i) => {
    const pins = hidden.get(board);
    if (pins) pins.add(pairs.pins[i]);
    else hidden.set(board, new Set([pairs.pins[i]]));
  });
  const drawn = shuffle(Uint32Array.from(hidden.keys()), random(seed)).subarray(0, boards).sort();
  return {
    graph,
    cases: Array.from(drawn, (board) => ({
      query: neighboursOf(graph.topology.boards, board),
      hidden: hidden.get(board)!,
    })),
  };
}

function tuneSource(
  name: SourceName,
  grid: Grid,
  validation: Validation,
  { k, progress }: TuneOptions,
): SourceSettings {
  const stage = progress.stage(
    `tuning ${name}`,
    grid.reduce((sum, { query }) => sum + query.length, 0),
  );
  let best: SourceSettings = {};
  let bestRecall = -1;
  let tried = 0;
  for (const { fit, query } of grid) {
    const fitted = fitSource(validation.graph, name, fit);
    for (const more of query) {
      const settings = { ...fit, ...more };
      const source = openSource({ ...fitted, settings }, { topology: validation.graph.topology });
      const recall = meanRecall(source, validation, k);
      if (recall > bestRecall) {
        bestRecall = recall;
        best = settings;
      }
      stage.update(++tried, { [`recall@${k}`]: bestRecall });
    }
  }
  stage.finish(`recall@${k} ${bestRecall.toFixed(4)} with ${JSON.stringify(best)}`);
  return best;
}

/** Queries scored together. */
const blockSize = 16;

function meanRecall(source: CandidateSource, { cases }: Validation, k: number): number {
  let sum = 0;
  for (let from = 0; from < cases.length; from += blockSize) {
    const block = cases.slice(from, from + blockSize);
    const queries = block.map(({ query }) => evenQuery(query));
    source.prepare?.(queries);
    block.forEach(({ hidden }, i) => {
      const hits = Uint8Array.from(source.retrieve(queries[i], k).pins, (pin) => (hidden.has(pin) ? 1 : 0));
      sum += recallAt(hits, hidden.size, k);
    });
  }
  return cases.length === 0 ? 0 : sum / cases.length;
}
