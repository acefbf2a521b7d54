import { BoardwalkError } from '../errors.js';
import type { Graph } from './graph.js';

export interface LatestEdges {
  /** 1 where an edge, in the order of `boards.neighbours`, is hidden. */
  readonly hidden: Uint8Array;
  /** Milliseconds since 1970: what was added then or later is hidden. */
  readonly since: number;
  /** Edges without a time, which stay visible: nothing says that they are late. */
  readonly undated: number;
}

/**
 * A test split in time: hides the last `share` of the edges that have a time. Edges of the moment of the cut are
 * hidden together, so that every visible edge is earlier than every hidden one.
 */
export function holdOutLatest(graph: Graph, share: number): LatestEdges {
  if (!(share > 0 && share < 1))
    throw new BoardwalkError('bad_option', `The share is ${share}; give one between 0 and 1.`, { field: 'share' });
  const { addedAt } = graph.edges;
  const dated = addedAt?.filter((time) => !Number.isNaN(time)).sort() ?? new Float64Array(0);
  if (!addedAt || dated.length === 0)
    throw new BoardwalkError(
      'bad_option',
      'No edge of this graph has a time, which a split in time needs. Build it from edges with added_at ' +
        '(`--edge-columns added_at=NAME` where the column is called otherwise), or split it by board.',
      { field: 'by' },
    );
  const first = dated[0];
  const cut = dated[Math.min(dated.length - 1, Math.floor((1 - share) * dated.length))];
  // Where so many edges are of the first moment, the cut is the next one.
  const since = cut > first ? cut : dated.find((time) => time > first);
  if (since === undefined)
    throw new BoardwalkError(
      'bad_option',
      `Every edge with a time was added at the same moment, ${new Date(first).toISOString()}: no split in time ` +
        'leaves any to train on. Split the graph by board.',
      { field: 'by' },
    );
  return {
    hidden: Uint8Array.from(addedAt, (time) => Number(time >= since)),
    since,
    undated: addedAt.length - dated.length,
  };
}
