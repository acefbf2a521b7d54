import type { Side } from '../graph.js';
import type { LiveTopology } from '../walk-rows.js';
import type { Change } from './change.js';
import { insertion, LiveRows } from './live-rows.js';
import { NodeIndices } from './node-register.js';
import type { Registers } from './segment-dictionary.js';

/** What one side of a new memory holds: the index of each handle, and how many indices there are. */
export interface Placement {
  /** -1 for a node that is gone. */
  readonly indices: Int32Array;
  readonly count: number;
}

/** Edges whose rows are read before the first of them is added: their way from memory then overlaps. */
const touchedAhead = 32;

/** One memory of a live graph with the numbering of its nodes; compaction begins another. */
export class Generation {
  readonly topology: LiveTopology;
  readonly nodes: Readonly<Record<Side, NodeIndices>>;
  readonly #rows: Readonly<Record<Side, LiveRows>>;
  /** Whether a change found no room: the memory then lags behind the log. */
  full = false;

  constructor(topology: LiveTopology, registers: Registers, placements: Readonly<Record<Side, Placement>>) {
    this.topology = topology;
    const rows = (side: Side): LiveRows => new LiveRows(topology[side], placements[side].count);
    this.#rows = { pins: rows('pins'), boards: rows('boards') };
    const nodes = (side: Side): NodeIndices => {
      const { indices, count } = placements[side];
      return new NodeIndices(registers[side], indices, count, topology[side].rows.length / 2);
    };
    this.nodes = { pins: nodes('pins'), boards: nodes('boards') };
  }

  get edges(): number {
    return this.#rows.boards.edges;
  }

  /** Cells left to grow into, on the side that has fewer. */
  get room(): number {
    return Math.min(this.#rows.pins.left, this.#rows.boards.left);
  }

  /** The neighbours of a node by index, ascending, as a view that holds until the next change. */
  neighbours(side: Side, index: number): Uint32Array {
    return this.#rows[side].row(index);
  }

  /** The number of a node's neighbours. */
  degree(side: Side, index: number): number {
    return this.#rows[side].length(index);
  }

  /** Applies a change, and gives the number of edges or nodes that it made, described otherwise or took away. */
  apply(change: Change): number {
    this.nodes.pins.admit(change.born.pins);
    this.nodes.boards.admit(change.born.boards);
    switch (change.kind) {
      case 'add_edges':
        return this.#addEdges(change.boards, change.pins);
      case 'remove_edges':
        return this.#removeEdges(change.boards, change.pins);
      case 'remove':
        return change.handles.filter((handle) => this.#removeNode(change.side, handle)).length;
      case 'describe':
        return change.changed;
    }
  }

  #addEdges(boardHandles: Int32Array, pinHandles: Int32Array): number {
    const now = performance.now();
    const boards = new Uint32Array(touchedAhead);
    const pins = new Uint32Array(touchedAhead);
    let added = 0;
    for (let from = 0; from < boardHandles.length; from += touchedAhead) {
      const count = Math.min(touchedAhead, boardHandles.length - from);
      for (let i = 0; i < count; i++) {
        boards[i] = this.nodes.boards.indexOf(boardHandles[from + i]);
        pins[i] = this.nodes.pins.indexOf(pinHandles[from + i]);
      }
      this.#rows.boards.touch(boards, count);
      this.#rows.pins.touch(pins, count);
      for (let i = 0; i < count; i++) if (this.#addEdge(boards[i], pins[i], now)) added++;
    }
    return added;
  }

  #addEdge(board: number, pin: number, now: number): boolean {
    const { pins, boards } = this.#rows;
    const result = pins.insert(pin, board, now);
    if (result === insertion.known) return false;
    if (result === insertion.added && boards.insert(board, pin, now) === insertion.added) return true;
    if (result === insertion.added) pins.remove(pin, board);
    this.full = true;
    return false;
  }

  #removeEdges(boardHandles: Int32Array, pinHandles: Int32Array): number {
    let removed = 0;
    for (let i = 0; i < boardHandles.length; i++) {
      const board = this.nodes.boards.indexOf(boardHandles[i]);
      const pin = this.nodes.pins.indexOf(pinHandles[i]);
      if (board < 0 || pin < 0 || !this.#rows.pins.remove(pin, board)) continue;
      this.#rows.boards.remove(board, pin);
      removed++;
    }
    return removed;
  }

  #removeNode(side: Side, handle: number): boolean {
    const index = this.nodes[side].indexOf(handle);
    if (index < 0) return false;
    const others = this.#rows[side === 'pins' ? 'boards' : 'pins'];
    // First out of the others' rows, so that no walk comes here any more.
    for (const other of this.#rows[side].row(index)) others.remove(other, index);
    this.#rows[side].clear(index, performance.now());
    this.nodes[side].remove(handle);
    return true;
  }
}
