import { expect, it } from 'vitest';
import { graphNow } from '../../src/graph/graph-view.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { random } from '../../src/random.js';
import { AlikeBoards } from '../../src/candidates/alike-boards.js';
import { Linkage } from '../../src/ranking/linkage.js';

const stream = random(8);
const edges = new Set(Array.from({ length: 400 }, () => stream.below(40) * 100 + stream.below(60)));
const held = [...edges].map((edge) => [Math.floor(edge / 100), edge % 100] as const);
const graph = memoryGraph({
  pins: Array.from({ length: 60 }, (_, i) => `p${i}`),
  boards: Array.from({ length: 40 }, (_, i) => `b${i}`),
  edges: { boards: Uint32Array.from(held, ([board]) => board), pins: Uint32Array.from(held, ([, pin]) => pin) },
});
const pinsOf = (board: number): number[] => held.filter(([b]) => b === board).map(([, pin]) => pin);
const boardsOf = (pin: number): number[] => held.filter(([, p]) => p === pin).map(([board]) => board);
const query = [3, 7, 20];

/** The formula, written out over all boards: fewer than the limit meet the query here. */
function expectedVotes(pin: number): number {
  let votes = 0;
  for (const board of boardsOf(pin)) {
    const shared = query.filter((own) => pinsOf(board).includes(own));
    const likeness = shared.reduce((sum, own) => sum + boardsOf(own).length ** -0.7, 0);
    votes += (likeness * pinsOf(board).length ** -0.5) ** 1.5;
  }
  return votes * Math.max(1, boardsOf(pin).length) ** -0.2;
}

it('lets alike boards vote as the formula says, the same each time', () => {
  const alike = new AlikeBoards(graph.topology);
  const candidates = Uint32Array.from({ length: 60 }, (_, pin) => pin);
  for (let round = 0; round < 2; round++)
    alike.votesFor(Uint32Array.from(query), candidates).forEach((votes, pin) => {
      expect(votes).toBeCloseTo(expectedVotes(pin), 5);
    });
});

it('lets them vote through the pins near a candidate', () => {
  const alike = new AlikeBoards(graph.topology);
  const through = {
    offsets: Uint32Array.of(0, 2, 2, ...Array<number>(58).fill(3)),
    neighbours: Uint32Array.of(5, 40, 12),
    weights: Float32Array.of(0.75, 0.25, 1),
  };
  const votesOf = (pin: number): number => expectedVotes(pin) * boardsOf(pin).length ** (0.2 - 0.5);
  const [two, none, one] = alike.votesThrough(Uint32Array.from(query), Uint32Array.of(0, 1, 2), through);
  expect(two).toBeCloseTo(0.75 * votesOf(5) + 0.25 * votesOf(40), 5);
  expect(none).toBe(0);
  expect(one).toBeCloseTo(votesOf(12), 5);
  expect(two).toBeGreaterThan(0);
});

it('finds the boards with most pins of the query, the smaller first', () => {
  const linkage = new Linkage(graphNow(graph));
  const sharedBy = (board: number): number => query.filter((own) => pinsOf(board).includes(own)).length;
  linkage.strongestLinks(Uint32Array.from(query), Uint32Array.of(0, 1, 2, 30), 3).forEach((links, i) => {
    const expected = boardsOf([0, 1, 2, 30][i])
      .filter((board) => sharedBy(board) > 0)
      .sort((a, b) => sharedBy(b) - sharedBy(a) || pinsOf(a).length - pinsOf(b).length || a - b)
      .slice(0, 3);
    expect(links).toEqual(expected);
  });
});
