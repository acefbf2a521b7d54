import { lowerBound } from '../graph/ascending.js';
import type { WalkedGraph } from '../graph/walk-rows.js';
import { biasedDraws, type NodeRange } from './kernel.js';
import type { WalkRules } from './walk-engine.js';
import { drawThreshold, perUint32, type Step, type StepLanes } from './walk-steps.js';

/**
 * The step that heeds a bias and boards to avoid (Pixie, section 3.1: PersonalizedNeighbor). A lane that
 * finds no board but avoided ones goes home without a visit. One lane after the other: the searches differ
 * in length, so lockstep would gain little.
 */
export function biasedStep(graph: WalkedGraph, { home, state, rows }: StepLanes, { bias, avoided }: WalkRules): Step {
  const strength = drawThreshold(bias?.strength ?? 0);
  let x = 0;
  const draw = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };

  /** A neighbour of `node`, or -1 where all that were drawn are avoided. */
  function neighbourOf(
    side: WalkedGraph['pins'],
    node: number,
    range: NodeRange | undefined,
    marks: Uint8Array | undefined,
    shunned: Uint8Array | undefined,
  ): number {
    const { neighbours } = side;
    let end: number;
    let start: number;
    if ('rows' in side) {
      const length = side.rows[2 * node + 1];
      start = side.rows[2 * node];
      end = start + length;
    } else {
      start = side.offsets[node];
      end = side.offsets[node + 1];
    }
    const personal = strength > 0 && draw() >>> 1 < strength;
    if (personal && range) {
      const low = lowerBound(neighbours, range.from, start, end);
      const high = lowerBound(neighbours, range.to, low, end);
      if (low < high) {
        start = low;
        end = high;
      }
    }
    const wanted = personal ? marks : undefined;
    const draws = wanted || shunned ? biasedDraws : 1;
    let second = -1;
    for (let i = 0; i < draws; i++) {
      const neighbour = neighbours[start + ((draw() * perUint32 * (end - start)) | 0)];
      if (shunned && shunned[neighbour] === 1) continue;
      if (!wanted || wanted[neighbour] === 1) return neighbour;
      second = neighbour;
    }
    return second;
  }

  return (lanes, threshold, from) => {
    for (let lane = 0; lane < lanes; lane++) {
      x = state[lane];
      const pin = draw() >>> 1 < threshold ? home[lane] : rows[from + lane];
      const board = neighbourOf(graph.pins, pin, bias?.ranges?.boards, bias?.marks?.boards, avoided);
      rows[from + lanes + lane] =
        board === -1 ? home[lane] : neighbourOf(graph.boards, board, bias?.ranges?.pins, bias?.marks?.pins, undefined);
      state[lane] = x;
    }
  };
}
