import { neighboursOf, type Topology } from '../../src/graph/graph.js';
import { biasedDraws, type NodeRange, type WalkBias } from '../../src/sampling/kernel.js';
import { pinCountOf } from './small-graphs.js';

const uniform = (nodes: readonly number[]): Map<number, number> =>
  new Map(nodes.map((node) => [node, 1 / nodes.length]));

/** Chances of each neighbour when draws are repeated until one is wanted, or at most biasedDraws times. */
function repeatedDraws(
  row: readonly number[],
  wanted: (node: number) => boolean,
  avoided: (node: number) => boolean,
): Map<number, number> {
  const share = (nodes: readonly number[]): number => nodes.length / row.length;
  const good = row.filter((node) => wanted(node) && !avoided(node));
  const second = row.filter((node) => !wanted(node) && !avoided(node));
  const noGood = (1 - share(good)) ** biasedDraws;
  const allAvoided = (1 - share(good) - share(second)) ** biasedDraws;
  return new Map([
    ...good.map((node): [number, number] => [node, (1 - noGood) / good.length]),
    ...second.map((node): [number, number] => [node, (noGood - allAvoided) / second.length]),
  ]);
}

function neighbourChances(
  row: readonly number[],
  strength: number,
  range: NodeRange | undefined,
  marks: Uint8Array | undefined,
  avoided: (node: number) => boolean,
): Map<number, number> {
  const inRange = range ? row.filter((node) => node >= range.from && node < range.to) : [];
  const personalRow = inRange.length > 0 ? inRange : row;
  const anyNode = (): boolean => true;
  const plain = row.some(avoided) ? repeatedDraws(row, anyNode, avoided) : uniform(row);
  const personal =
    marks || personalRow.some(avoided)
      ? repeatedDraws(personalRow, marks ? (node) => marks[node] === 1 : anyNode, avoided)
      : uniform(personalRow);
  return new Map(
    row.map((node) => [node, strength * (personal.get(node) ?? 0) + (1 - strength) * (plain.get(node) ?? 0)]),
  );
}

/**
 * P[u][v] of one biased step, written out plainly from the documentation of WalkBias; the chance that no board
 * is found is put on v = home.
 */
export function biasedMatrix(
  { pins, boards }: Topology,
  { strength, ranges = {}, marks = {} }: WalkBias,
  avoidBoards: ReadonlySet<number>,
  home: number,
): number[][] {
  const size = pinCountOf({ pins, boards });
  const nobody = (): boolean => false;
  return Array.from({ length: size }, (_, from) => {
    const chances = new Array<number>(size).fill(0);
    const ownBoards = [...neighboursOf(pins, from)];
    if (ownBoards.length === 0) return chances;
    const ofBoards = neighbourChances(ownBoards, strength, ranges.boards, marks.boards, (board) =>
      avoidBoards.has(board),
    );
    let found = 0;
    for (const [board, chance] of ofBoards) {
      found += chance;
      const ofPins = neighbourChances([...neighboursOf(boards, board)], strength, ranges.pins, marks.pins, nobody);
      for (const [pin, share] of ofPins) chances[pin] += chance * share;
    }
    chances[home] += 1 - found;
    return chances;
  });
}
