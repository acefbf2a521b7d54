import type { Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { withDefaults } from '../with-defaults.js';
import { coOccurrences, type ItemNeighbours, transposeNeighbours } from './item-neighbours.js';

export interface ItemKnnOptions {
  /** Neighbours kept for each candidate pin. */
  neighbours: number;
  /** Added to the cosine's denominator, so that a pair seen on few boards counts less. */
  shrink: number;
}

export const itemKnnDefaults: ItemKnnOptions = { neighbours: 100, shrink: 0 };

/**
 * Item-based nearest neighbours by the cosine of the pins' board sets. A candidate's score is the sum over
 * the query's pins that are among the candidate's own neighbours, hence the transpose.
 */
export function fitItemKnn(
  topology: Topology,
  options: Partial<ItemKnnOptions> = {},
  progress: Progress = silentProgress,
): ItemNeighbours {
  const { neighbours, shrink } = withDefaults(itemKnnDefaults, options);
  return transposeNeighbours(
    coOccurrences(
      topology,
      {
        neighbours,
        boardWeight: () => 1,
        rowFactor: (degree) => degree ** -0.5,
        columnFactor: (degree) => degree ** -0.5,
        shrink,
      },
      progress,
    ),
  );
}
