import type { Topology } from './graph.js';

/**
 * One side of a graph that changes while it is walked: row i is
 * `neighbours[rows[2i]] … neighbours[rows[2i] + rows[2i + 1] - 1]`, ascending. `neighbours` holds the base's
 * edges and, behind them, room that rows move to when they grow; a node that is not born yet has length 0.
 *
 * One writer changes it and any number of readers walk it, with no lock between them. A reader takes the
 * length before the start: whatever the writer publishes in between, the row then begins with that many
 * valid neighbours. Both arrays lie in shared memory.
 */
export interface WalkRows {
  /** (start, length) of each node, in pairs. */
  readonly rows: Uint32Array;
  readonly neighbours: Uint32Array;
}

/** Both sides of a graph that changes, as walks read it. Their rooms are apart, so a stale read is at worst another pin, or another board. */
export interface LiveTopology {
  readonly pins: WalkRows;
  readonly boards: WalkRows;
  /** Where all four arrays lie, if in WebAssembly's memory; `neighbours[0]` of a side is the base of its starts. */
  readonly memory?: WebAssembly.Memory;
}

/** What a walk kernel walks: a graph as it was built, or one that changes. */
export type WalkedGraph = Topology | LiveTopology;

export function isLive(graph: WalkedGraph): graph is LiveTopology {
  return 'rows' in graph.pins;
}

/** Nodes of one side, those not born yet included. */
export function rowCount(side: WalkedGraph['pins']): number {
  return 'rows' in side ? side.rows.length / 2 : side.offsets.length - 1;
}

/** Neighbours of one node, at this moment. */
export function rowLength(side: WalkedGraph['pins'], node: number): number {
  return 'rows' in side ? Atomics.load(side.rows, 2 * node + 1) : side.offsets[node + 1] - side.offsets[node];
}
