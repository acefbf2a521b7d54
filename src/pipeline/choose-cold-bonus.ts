import { evenQuery } from '../candidates/candidate-source.js';
import { pinsageSource } from '../candidates/pinsage.js';
import type { EmbeddingTable } from '../embedding/table.js';
import { degree, neighboursOf, pinsWithoutBoards } from '../graph/graph.js';
import { random, shuffle } from '../random.js';
import type { Holdout } from './validation-holdout.js';

/** Cosines between a query and pins that suit it lie some tenths apart. */
const bonuses = [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2];
const cut = 100;
/** Boards judged for the cold pins that they hide, and again for the warm ones. */
const boardsJudged = 300;
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

/** The places, from 0, that pins would take among all others under a bonus: ties count as passed. */
function placesOf(saved: Iterable<number>, scores: Float32Array, cold: Uint8Array, bonus: number): number[] {
  const raised = scores.map((score, pin) => score + bonus * cold[pin]);
  return Array.from(saved, (pin) => raised.reduce((before, score) => before + (score > raised[pin] ? 1 : 0), 0));
}

/**
 * The bonus under which PinSage finds cold and warm hidden pins alike well: the greatest geometric mean of the
 * two recalls at 100 over the whole catalogue, for either alone would be bought with the other. 0 where the
 * hold-out has no cold pin to judge by.
 */
export function chooseColdBonus(holdout: Holdout, table: EmbeddingTable, seed: number): number {
  const { topology } = holdout.graph;
  const cold = new Uint8Array(holdout.graph.pins.size);
  for (const pin of pinsWithoutBoards(topology.pins)) cold[pin] = 1;
  const kinds = [hiddenPins(holdout, true, seed), hiddenPins(holdout, false, seed)];
  if (kinds.some((boards) => boards.size === 0)) return 0;

  const source = pinsageSource(table);
  const every = Uint32Array.from(cold, (_, pin) => pin);
  const recalls = kinds.map((boards) => {
    const sums = new Float64Array(bonuses.length);
    for (const [board, saved] of boards) {
      const own = neighboursOf(topology.boards, board);
      const scores = source.score(evenQuery(own), every);
      for (const pin of own) scores[pin] = Number.NEGATIVE_INFINITY;
      bonuses.forEach((bonus, b) => {
        const found = placesOf(saved, scores, cold, bonus).filter((place) => place < cut).length;
        sums[b] += found / saved.size / boards.size;
      });
    }
    return sums;
  });
  const means = bonuses.map((_, b) => Math.sqrt(recalls[0][b] * recalls[1][b]));
  return bonuses[means.indexOf(Math.max(...means))];
}
