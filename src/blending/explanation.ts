import { evenSpread } from '../candidates/even-spread.js';
import { type EmbeddingTable, vectorOf } from '../embedding/table.js';
import { productWith } from '../embedding/vectors.js';
import type { GraphView } from '../graph/graph-view.js';
import type { Linkage } from '../ranking/linkage.js';
import type { Reason } from './recommendation.js';

const shownBoards = 3;
/** Query pins among which the most alike is looked for; longer queries are thinned evenly. */
const comparedPins = 100;

/**
 * Why each pin is shown: up to three boards, not of those avoided, that hold it together with pins of the query; where
 * no board does, the pin of the query that it is most like.
 */
export function explain(
  graph: GraphView,
  table: EmbeddingTable,
  linkage: Linkage,
  query: Uint32Array,
  pins: Uint32Array,
  avoided?: Uint32Array,
): Reason[][] {
  if (query.length === 0) return Array.from(pins, () => [{ text: 'saved by many' }]);
  const compared = evenSpread(query, comparedPins);
  return linkage.strongestLinks(query, pins, shownBoards, avoided).map((boards, i) => {
    if (boards.length === 0) return [likeness(graph, table, compared, pins[i])];
    return boards.map((board) => {
      const id = graph.boards.id(board);
      return { board_id: id, text: `also on ${graph.boardAttributes.get('title', board) ?? id}` };
    });
  });
}

function likeness(graph: GraphView, table: EmbeddingTable, query: Uint32Array, pin: number): Reason {
  const similarityTo = productWith(table.vectors, table.dimension, vectorOf(table, pin));
  let nearest = query[0];
  let greatest = Number.NEGATIVE_INFINITY;
  for (const other of query) {
    const similarity = similarityTo(other);
    if (similarity > greatest) {
      greatest = similarity;
      nearest = other;
    }
  }
  const id = graph.pins.id(nearest);
  return { pin_id: id, text: `like ${graph.pinAttributes.get('title', nearest) ?? id}` };
}
