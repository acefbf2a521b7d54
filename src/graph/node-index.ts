import type { Vocabulary } from '../data/vocabulary.js';
import { BoardwalkError } from '../errors.js';
import type { Side } from './graph.js';

/** The index of the pin or board that a user names; `field` is where. @throws BoardwalkError `unknown_pin`, `unknown_board` */
export function nodeIndex(
  graph: { readonly pins: Vocabulary; readonly boards: Vocabulary },
  side: Side,
  id: string,
  field: string,
): number {
  const index = graph[side].indexOf(id);
  if (index >= 0) return index;
  const kind = side === 'pins' ? 'pin' : 'board';
  throw new BoardwalkError(`unknown_${kind}`, `There is no ${kind} "${id}" in this graph.`, { field });
}
