import { evenQuery } from '../candidates/candidate-source.js';
import { pinsageSource } from '../candidates/pinsage.js';
import type { EmbeddingTable } from '../embedding/table.js';
import { degree, neighboursOf, pinsWithoutBoards } from '../graph/graph.js';
import { recallAt } from '../metrics/ranking.js';
import { random, shuffle } from '../random.js';
import type { Holdout } from './validation-holdout.js';

/** Cosines between a query and pins that suit it lie some tenths apart. */
const bonuses = [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2];
const cut = 100;
/** Boards judged for the cold pins that they hide, and again for the warm ones. */
const boardsJudged = 500;
const stream = 0x636f;

/** The hidden pins of some boards, all of them cold or all of them warm. */
function hiddenPins({ graph, hidden }: Holdout, cold: boolean, seed: number): Map<number, Set<number>> {
  const byBoard = new Map<number, Set<number>>();
  hidden.boards.forEach((board, i) => {
    const pin = hidden.pins[i];
    if ((degree(graph.topology.pins, pin) === 0) !== cold || degree(graph.topology.boards, board) === 0) return;
    const pins = byBoard.get(board);
    if (pins) pins.add(pin);
    else byBoard.set(board, new Set([pin]));
  });
  const drawn = shuffle(Uint32Array.from(byBoard.keys()), random(stream, seed)).subarray(0, boardsJudged);
  return new Map(Array.from(drawn, (board) => [board, byBoard.get(board) as Set<number>]));
}

/**
 * The bonus under which PinSage finds cold and warm hidden pins alike well: the greatest geometric mean of the
 * two recalls at 100 over the whole catalogue, for either alone would be bought with the other. 0 where the
 * hold-out has no cold pin to judge by.
 */
export function chooseColdBonus(holdout: Holdout, table: EmbeddingTable, seed: number): number {
  const { topology } = holdout.graph;
  const cold = pinsWithoutBoards(topology.pins);
  const kinds = [hiddenPins(holdout, true, seed), hiddenPins(holdout, false, seed)];
  if (kinds.some((boards) => boards.size === 0)) return 0;
  let best = 0;
  let bestMean = -1;
  for (const coldBonus of bonuses) {
    const source = pinsageSource(table, { coldBonus }, undefined, cold);
    const recalls = kinds.map((boards) => {
      let sum = 0;
      for (const [board, saved] of boards) {
        const { pins } = source.retrieve(evenQuery(neighboursOf(topology.boards, board)), cut);
        sum += recallAt(
          Uint8Array.from(pins, (pin) => (saved.has(pin) ? 1 : 0)),
          saved.size,
          cut,
        );
      }
      return sum / boards.size;
    });
    const mean = Math.sqrt(recalls[0] * recalls[1]);
    if (mean > bestMean) {
      best = coldBonus;
      bestMean = mean;
    }
  }
  return best;
}
