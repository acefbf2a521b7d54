import { describe, expect, it } from 'vitest';
import { topologyFromEdges } from '../../src/graph/adjacency.js';
import { neighboursOf } from '../../src/graph/graph.js';
import { SharedBoards } from '../../src/ranking/shared-boards.js';
import { smallGraph } from '../candidates/small-graph.js';

const { topology, pins } = smallGraph();
const every = Uint32Array.from({ length: pins.size }, (_, pin) => pin);
const boardsOf = (pin: number): Set<number> => new Set(neighboursOf(topology.pins, pin));

describe('the nearest pins of a query', () => {
  const shared = new SharedBoards(topology);
  const common = (a: number, b: number): number => [...boardsOf(a)].filter((board) => boardsOf(b).has(board)).length;

  it.each([
    ['one pin', [3]],
    ['some pins', [3, 7, 20]],
    ['as many as there are bits', [...every.subarray(0, 32)]],
  ])('are those of the definition for %s, the same each time', (_, query) => {
    for (let round = 0; round < 2; round++) {
      const { cosine, tied } = shared.nearestTo(Uint32Array.from(query), every);
      for (const pin of every) {
        const cosines = query.map(
          (own) => common(own, pin) / Math.sqrt(Math.max(1, boardsOf(own).size * boardsOf(pin).size)),
        );
        expect(cosine[pin]).toBeCloseTo(Math.max(...cosines), 6);
        expect(tied[pin]).toBeCloseTo(query.filter((own) => common(own, pin) > 0).length / query.length, 6);
      }
    }
  });

  it('have a cosine of 1 at most for a candidate on more boards than are looked at', () => {
    const many = 600;
    const stride = many / 256;
    // One pin on all boards, one on every board that is looked at, one on the first alone.
    const looked = Array.from({ length: 256 }, (_, i) => Math.floor(i * stride));
    const held = [Array.from({ length: many }, (_, board) => board), looked, [0]];
    const wide = topologyFromEdges(
      {
        boards: Uint32Array.from(held.flat()),
        pins: Uint32Array.from(held.flatMap((boards, pin) => boards.map(() => pin))),
      },
      held.length,
      many,
    );
    for (const [pin, boards] of held.entries()) {
      const { cosine } = new SharedBoards(wide).nearestTo(Uint32Array.of(pin), Uint32Array.of(0));
      expect(cosine[0]).toBeCloseTo(boards.length / Math.sqrt(boards.length * many), 6);
    }
  });

  it('thin a long query and say nothing of an empty one', () => {
    const { tied } = shared.nearestTo(every, every);
    expect(Math.max(...tied)).toBeLessThanOrEqual(1);
    expect([...shared.nearestTo(new Uint32Array(0), every).cosine]).toEqual([...every].map(() => 0));
  });
});
