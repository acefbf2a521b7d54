import { BoardwalkError } from '../../errors.js';
import type { Side } from '../graph.js';
import type { Operation } from './operation.js';
import type { Registers, SegmentDictionary } from './segment-dictionary.js';

/** Handles given so far, after a change: whoever applies it admits the nodes below first. */
export type Born = Readonly<Record<Side, number>>;

/** An operation in handles: what the memory, and compaction, are told. */
export type Change =
  | {
      readonly kind: 'add_edges' | 'remove_edges';
      readonly born: Born;
      /** -1 for a node that is unknown, or gone; only where edges are removed. */
      readonly boards: Int32Array;
      readonly pins: Int32Array;
      readonly addedAt?: Float64Array;
      readonly weight?: Float32Array;
    }
  | {
      readonly kind: 'describe';
      readonly born: Born;
      /** Nodes that came into being, or whose attributes are others now. */
      readonly changed: number;
    }
  | { readonly kind: 'remove'; readonly born: Born; readonly side: Side; readonly handles: readonly number[] };

/**
 * Turns the log's operations into changes of the nodes by handle, in the log's order: the same on the way
 * in, at replay and in compaction, so that all three number the nodes alike.
 */
export function changeOf(operation: Operation, registers: Registers, dictionary: SegmentDictionary): Change {
  const born = (): Born => ({ pins: registers.pins.size, boards: registers.boards.size });
  switch (operation.kind) {
    case 'add_edges':
    case 'remove_edges': {
      const { kind, addedAt, weight } = operation;
      const boards = handlesOf(operation.boards, 'boards', dictionary, kind === 'add_edges');
      const pins = handlesOf(operation.pins, 'pins', dictionary, kind === 'add_edges');
      return { kind, boards, pins, addedAt, weight, born: born() };
    }
    case 'describe': {
      const register = registers[operation.side];
      const known = dictionary[operation.side];
      const before = register.size;
      const changed = new Set<number>();
      operation.ids.forEach((id, row) => {
        const handle = known.meet(id);
        if (register.describe(handle, operation.cells[row]) || handle >= before) changed.add(handle);
      });
      return { kind: 'describe', born: born(), changed: changed.size };
    }
    case 'remove': {
      const register = registers[operation.side];
      const handles = operation.ids.map((id) => register.handleOf(id)).filter((handle) => handle >= 0);
      for (const handle of new Set(handles)) register.remove(handle);
      return { kind: 'remove', side: operation.side, handles: [...new Set(handles)], born: born() };
    }
  }
}

function handlesOf(codes: Uint32Array, side: Side, dictionary: SegmentDictionary, birth: boolean): Int32Array {
  const known = dictionary[side];
  const handles = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] >= known.size)
      throw new BoardwalkError('bad_file', `A record names ${side} number ${codes[i]}, which its segment never told.`);
    handles[i] = known.handle(codes[i], birth);
  }
  return handles;
}
