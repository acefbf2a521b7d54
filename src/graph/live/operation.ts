import type { Side } from '../graph.js';
import type { Cells } from './node-register.js';

/** Edges as the log holds them: ends are codes, which stand for ids within one segment. */
export interface EdgeOperation {
  readonly kind: 'add_edges' | 'remove_edges';
  /** Ids that the segment mentions for the first time; each takes the next code of its side. */
  readonly newIds: Readonly<Record<Side, readonly string[]>>;
  readonly boards: Uint32Array;
  readonly pins: Uint32Array;
  /** Milliseconds since 1970, NaN where unknown. */
  readonly addedAt?: Float64Array;
  /** NaN where unknown. */
  readonly weight?: Float32Array;
}

/** Nodes that come into being, or whose attributes change. */
export interface DescribeOperation {
  readonly kind: 'describe';
  readonly side: Side;
  readonly ids: readonly string[];
  /** One a node. */
  readonly cells: readonly Cells[];
}

/** Nodes that go, with their edges and attributes. */
export interface RemoveOperation {
  readonly kind: 'remove';
  readonly side: Side;
  readonly ids: readonly string[];
}

export type NodeOperation = DescribeOperation | RemoveOperation;
export type Operation = EdgeOperation | NodeOperation;
