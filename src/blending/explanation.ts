import type { Candidate } from '../candidates/candidate.js';
import type { SourceName } from '../candidates/candidate-source.js';
import { evenSpread } from '../candidates/even-spread.js';
import { type EmbeddingTable, vectorOf } from '../embedding/table.js';
import { productWith } from '../embedding/vectors.js';
import type { GraphView } from '../graph/graph-view.js';
import type { Linkage } from '../ranking/linkage.js';
import type { Reason } from './recommendation.js';

const shownBoards = 3;
/** Sources that propose a pin for what it is, by words or vectors; all others go by the boards that hold it. */
const likenessSources = new Set<SourceName>(['content', 'pinsage', 'pintext', 'mapped']);
/** Query pins among which the most alike is looked for; longer queries are thinned evenly. */
const comparedPins = 100;

/**
 * Why each pin is shown: up to three boards, not of those avoided, that hold it together with pins of the query; where
 * no board does, the pin of the query that it is most like, if likeness is what it was proposed for, else how many boards
 * hold it.
 */
export function explain(
  graph: GraphView,
  table: EmbeddingTable,
  linkage: Linkage,
  query: Uint32Array,
  shown: readonly Candidate[],
  avoided?: Uint32Array,
): Reason[][] {
  const compared = evenSpread(query, comparedPins);
  const pins = Uint32Array.from(shown, ({ pin }) => pin);
  return linkage.strongestLinks(query, pins, shownBoards, avoided).map((boards, i) => {
    if (boards.length > 0)
      return boards.map((board) => {
        const id = graph.boards.id(board);
        return { board_id: id, text: `also on ${graph.boardAttributes.get('title', board) ?? id}` };
      });
    const { pin, provenance } = shown[i];
    const isLike = provenance.some(({ source }) => likenessSources.has(source));
    const reason = (isLike ? likeness(graph, table, compared, pin) : undefined) ?? saves(graph, pin);
    return reason ? [reason] : [];
  });
}

/** The pin of the query that a pin is most like; in a small graph sources propose pins that are like none. */
function likeness(graph: GraphView, table: EmbeddingTable, query: Uint32Array, pin: number): Reason | undefined {
  const similarityTo = productWith(table.vectors, table.dimension, vectorOf(table, pin));
  let nearest: number | undefined;
  let greatest = 0;
  for (const other of query) {
    const similarity = similarityTo(other);
    if (similarity > greatest) {
      greatest = similarity;
      nearest = other;
    }
  }
  if (nearest === undefined) return undefined;
  const id = graph.pins.id(nearest);
  return { pin_id: id, text: `like ${graph.pinAttributes.get('title', nearest) ?? id}` };
}

function saves(graph: GraphView, pin: number): Reason | undefined {
  const boards = graph.degree('pins', pin);
  if (boards === 0) return undefined;
  return { text: `saved on ${boards.toLocaleString('en-US')} ${boards === 1 ? 'board' : 'boards'}` };
}
