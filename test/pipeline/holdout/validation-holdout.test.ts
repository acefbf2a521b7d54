import { expect, it } from 'vitest';
import { degree, type Graph } from '../../../src/graph/graph.js';
import { memoryGraph } from '../../../src/graph/memory-graph.js';
import { chooseHoldout } from '../../../src/pipeline/holdout/choose-holdout.js';
import { validationHoldout } from '../../../src/pipeline/holdout/validation-holdout.js';
import { trainSpec } from '../../../src/pipeline/spec/train-spec.js';
import { random } from '../../../src/random.js';

/** Boards of as many pins as `sizes` says, drawn from 400 with titles. */
function graphOf(sizes: readonly number[]): Graph {
  const source = random(3);
  const pins = 400;
  const edges = sizes.flatMap((size, board) => {
    const held = new Set<number>();
    while (held.size < size) held.add(Math.floor(source.float() * pins));
    return [...held].map((pin) => [board, pin]);
  });
  return memoryGraph({
    pins: Array.from({ length: pins }, (_, pin) => `pin ${pin}`),
    boards: sizes.map((_, board) => `board ${board}`),
    edges: {
      boards: Uint32Array.from(edges, ([board]) => board),
      pins: Uint32Array.from(edges, ([, pin]) => pin),
    },
    pinAttributes: { title: Array.from({ length: pins }, (_, pin) => `title ${pin}`) },
  });
}

const long = Array.from({ length: 90 }, () => 20);
const short = (count: number): number[] => Array.from({ length: count }, () => 3);

it('takes pins from boards as short as the spec says', () => {
  const graph = graphOf([...long, ...short(30)]);
  const judged = (minimumPins: number): Set<number> => {
    const { boards } = validationHoldout(graph, trainSpec({ validation: { minimumPins } }), 1);
    return new Set(Array.from(boards, (board) => degree(graph.topology.boards, board)));
  };
  expect(judged(5)).toEqual(new Set([20]));
  expect(judged(2)).toEqual(new Set([3, 20]));
});

it('takes pins from short boards by default where there are few others', () => {
  const judged = (sizes: readonly number[]): number[] => {
    const graph = graphOf(sizes);
    const { boards } = validationHoldout(graph, trainSpec(), 1);
    return [...new Set(Array.from(boards, (board) => degree(graph.topology.boards, board)))].toSorted((a, b) => a - b);
  };
  expect(judged([...long, ...short(80)])).toEqual([20]);
  expect(judged([...long, ...short(100)])).toEqual([3, 20]);
  expect(judged([...short(20), 2, 2, 1])).toEqual([3]);
  expect(judged(Array.from({ length: 30 }, () => 2))).toEqual([2]);
  // Nine boards are too few to fit the ranker on.
  expect(judged([...long.slice(0, 9), ...short(7)])).toEqual([3, 20]);
});

it('makes more pins cold where the mean board loses more of its others', () => {
  const graph = graphOf([...long, ...short(400)]);
  const cold = (minimumPins: number): number => {
    const { graph: left } = validationHoldout(graph, trainSpec({ validation: { boards: 10, minimumPins } }), 1);
    const isLost = (_: unknown, pin: number): boolean =>
      degree(graph.topology.pins, pin) > 0 && degree(left.topology.pins, pin) === 0;
    return Array.from({ length: graph.pins.size }, isLost).filter(Boolean).length;
  };
  // Boards of 20 lose a fifth, those of three a third, for they lose one at least.
  expect(cold(2)).toBeGreaterThan(cold(5));
});

it('tells boards that are too small from boards of which nothing is left', () => {
  const refused = (sizes: readonly number[], coldPinFraction: number) => () =>
    chooseHoldout(graphOf(sizes), trainSpec({ validation: { minimumPins: 2, coldPinFraction } }), 1);
  expect(refused([...long.slice(0, 4), 1, 1], 0)).toThrow(/large enough to hide pins of: 4\. .* higher .*edgeFraction/);
  expect(refused(short(30), 0.98)).toThrow(/hidden: \d, and \d\d lose all\. .* lower .*coldPinFraction/);
});
