import type { GraphNow } from '../graph-view.js';
import type { Generation } from './generation.js';
import { attributesOf, type NodeRegister, type Numbering, vocabularyOf } from './node-register.js';
import type { Registers } from './segment-dictionary.js';

/** Base nodes have their indices for handles. */
function inBase({ baseSize }: NodeRegister): Numbering {
  const known = (node: number): number => (node < baseSize ? node : -1);
  return { count: baseSize, indexOf: known, handleAt: known };
}

/**
 * The base as it was opened, at the moment of asking. A node that was removed is gone for good: one that came back
 * under its id is another. Neighbours that are newer than the base have no index here; they count in `degree` alone.
 */
export function baseNow({ pins, boards }: Registers, generation: () => Generation): GraphNow {
  return {
    pins: vocabularyOf(pins, inBase(pins)),
    boards: vocabularyOf(boards, inBase(boards)),
    pinAttributes: attributesOf(pins, inBase(pins)),
    boardAttributes: attributesOf(boards, inBase(boards)),
    neighbours(side, index) {
      const { nodes } = generation();
      const node = nodes[side].indexOf(index);
      if (node < 0) return new Uint32Array(0);
      const [others, { baseSize }] = side === 'pins' ? [nodes.boards, boards] : [nodes.pins, pins];
      const handles = generation()
        .neighbours(side, node)
        .map((other) => others.handleAt(other));
      return handles.filter((handle) => handle < baseSize).sort();
    },
    degree(side, index) {
      const node = generation().nodes[side].indexOf(index);
      return node < 0 ? 0 : generation().degree(side, node);
    },
    describedPins: pins.described,
  };
}
