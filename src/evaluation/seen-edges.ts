import type { Asked } from './evaluate.js';

/**
 * What is said of a model whose weights may have been trained on the test's edges, which nothing but its provenance tells;
 * undefined where they were trained on the very graph that is asked, which has none of them.
 */
export function seenEdges({ graph_id, trained_graph_id = graph_id, warm_start }: Asked): string | undefined {
  const whose =
    trained_graph_id !== graph_id
      ? `were trained on graph ${trained_graph_id}, which may hold the test's edges`
      : warm_start !== undefined
        ? `began as those of ${warm_start}, which may have been trained on the test's edges`
        : undefined;
  return whose && `The model's weights ${whose}: its figures may flatter it. Train anew on this graph to be sure.`;
}
