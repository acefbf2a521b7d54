import type { Graph } from '../../graph/graph.js';
import { withoutEdges } from '../../graph/memory-graph.js';
import { pruneGraph } from '../../graph/prune-graph.js';
import type { PruneOptions } from '../../graph/prune.js';
import { heldOutPairs, holdOutEdges } from '../../graph/split.js';
import { type Progress, silentProgress } from '../../progress.js';
import { withDefaults } from '../../with-defaults.js';
import {
  type Compared,
  compareMeasures,
  walkQueries,
  walkRecall,
  walkRecallDefaults,
  type WalkRecallOptions,
} from './walk-recall.js';

export interface PruneCostOptions extends WalkRecallOptions {
  /** Share of each board's pins that is hidden and to be found again. */
  edgeFraction: number;
  progress: Progress;
}

export const pruneCostDefaults: PruneCostOptions = {
  ...walkRecallDefaults,
  edgeFraction: 0.2,
  progress: silentProgress,
};

/** What pruning cost or won walks that look for hidden pins of boards. */
export interface PruneCost {
  boards: number;
  steps: number;
  edgeFraction: number;
  seed: number;
  measures: Record<string, Compared>;
}

/**
 * Hides a share of the edges, prunes what is left by the same rules (topics found anew, for those of the
 * whole graph have seen the hidden edges), and walks from the boards' visible pins over both. Undefined where
 * no board has pins enough to hide one.
 */
export function measurePruning(
  graph: Graph,
  prune: Partial<PruneOptions>,
  given: Partial<PruneCostOptions> = {},
): PruneCost | undefined {
  const options = withDefaults(pruneCostDefaults, given);
  const { edgeFraction, steps, seed, progress } = options;
  const hidden = holdOutEdges(graph, { edgeFraction, seed });
  const visible = withoutEdges(graph, hidden);
  const queries = walkQueries(visible.topology, heldOutPairs(graph, hidden), options);
  const boards = queries.known.length;
  if (boards === 0) return undefined;
  const stage = progress.stage('walking both graphs', 2 * boards);
  const before = walkRecall(visible.topology, queries, options, (done) => stage.update(done));
  const { topology } = pruneGraph(visible, prune, seed).graph;
  const after = walkRecall(topology, queries, options, (done) => stage.update(boards + done));
  stage.finish(`${boards.toLocaleString('en-US')} boards`);
  return { boards, steps, edgeFraction, seed, measures: compareMeasures(before, after) };
}
