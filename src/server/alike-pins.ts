import type { NearestNeighbours } from '../ann/nearest-neighbours.js';
import { presented } from '../blending/present.js';
import type { Recommendation, RecommendationRequest } from '../blending/recommendation.js';
import { overFetch, refusal } from '../blending/rules.js';
import type { GraphView } from '../graph/graph-view.js';

/** The mean of vectors, brought to length 1; undefined where they say nothing. */
function direction(vectors: readonly Float32Array[]): Float32Array | undefined {
  if (vectors.length === 0) return undefined;
  const sum = new Float32Array(vectors[0].length);
  for (const vector of vectors) vector.forEach((value, i) => (sum[i] += value));
  const length = Math.hypot(...sum);
  return length > 0 ? sum.map((value) => value / length) : undefined;
}

/**
 * The pins of the model whose vectors lie nearest to the mean of some vectors, of those that are there. Their score is
 * that likeness, the cosine where vectors have length 1: no probability of anything.
 */
export function alikePins(
  graph: GraphView,
  index: NearestNeighbours,
  vectors: readonly Float32Array[],
  request: RecommendationRequest,
): Recommendation[] {
  const query = direction(vectors);
  if (!query) return [];
  const refused = refusal(graph, request);
  const { rows, similarities } = index.search(query, overFetch * request.limit);
  const found: Recommendation[] = [];
  for (let rank = 0; rank < rows.length && found.length < request.limit; rank++) {
    const pin = rows[rank];
    if (graph.pins.id(pin) === '' || refused(pin)) continue;
    const score = similarities[rank];
    found.push(
      presented(graph, pin, {
        score,
        sources: [{ source: 'pinsage', score, rank }],
        reasons: [{ text: 'Alike by what is known of it' }],
      }),
    );
  }
  return found;
}
