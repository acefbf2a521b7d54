import { withDefaults } from '../with-defaults.js';
import type { Graph } from './graph.js';
import { withoutEdges } from './memory-graph.js';
import { pinsWithContent, pinTopics } from './pin-topics.js';
import { pruneDefaults, pruneEdges, type PruneOptions, type PruneReport } from './prune.js';

/** What was pruned, and by what: kept with a pruned graph. */
export interface PruneRecord extends PruneReport {
  options: PruneOptions;
  topics: { source: 'attribute' | 'communities'; count: number };
}

/** A graph without the edges that pruning takes away. `seed` draws the communities, where pins have no topics. */
export function pruneGraph(
  graph: Graph,
  given: Partial<PruneOptions> = {},
  seed = 1,
): { graph: Graph; record: PruneRecord } {
  const options = withDefaults(pruneDefaults, given);
  const { source, topics } = pinTopics(graph, seed);
  const content = options.contentOnly ? pinsWithContent(graph) : undefined;
  const { keep, report } = pruneEdges(graph.topology, { topics, content }, options);
  const hidden = keep.map((flag) => 1 - flag);
  return {
    // A pin whose edges are pruned is no new one: what people did with it elsewhere stays known.
    graph: { ...withoutEdges(graph, hidden), relations: graph.relations },
    record: { options, topics: { source, count: topics.count }, ...report },
  };
}
