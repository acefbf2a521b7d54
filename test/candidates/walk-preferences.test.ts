import { expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { pixieSource } from '../../src/candidates/pixie.js';
import { unheeded, walkRulesOf } from '../../src/candidates/walk-preferences.js';
import type { Graph } from '../../src/graph/graph.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { nodeOrder } from '../../src/graph/node-order.js';
import { walkKernelFor } from '../../src/sampling/choose-kernel.js';

// Boards 0 and 1 are Finnish, 2 and 3 have no language, pin 0 is on all four; each board has two pins of its own.
const languages = ['fi', 'fi', null, null];
const pinLanguages = ['fi', 'fi', 'fi', 'fi', 'sv', 'sv', null, null, null];
const edges = languages.flatMap((_, board) => [0, 1 + 2 * board, 2 + 2 * board].map((pin) => ({ board, pin })));
const unordered = memoryGraph({
  pins: pinLanguages.map((_, pin) => `p${pin}`),
  boards: languages.map((_, board) => `b${board}`),
  edges: { boards: Uint32Array.from(edges, ({ board }) => board), pins: Uint32Array.from(edges, ({ pin }) => pin) },
  pinAttributes: { language: pinLanguages },
  boardAttributes: { language: languages },
});
const ordered: Graph = {
  ...unordered,
  order: nodeOrder(['language'], {
    pins: { size: 9, attributes: unordered.pinAttributes },
    boards: { size: 4, attributes: unordered.boardAttributes },
  }),
};
const request = { bias: { prefer: { language: 'fi' }, strength: 1 } };

it('prefers ranges where the graph is ordered by what is asked, and marks elsewhere', () => {
  expect(walkRulesOf(ordered, request)).toEqual({
    bias: { strength: 1, ranges: { boards: { from: 0, to: 2 }, pins: { from: 0, to: 4 } }, marks: {} },
  });
  expect(walkRulesOf(unordered, request)?.bias?.marks).toEqual({
    boards: Uint8Array.of(1, 1, 0, 0),
    pins: Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0),
  });
  expect(walkRulesOf(unordered, request)?.bias?.marks?.pins).toBe(walkRulesOf(unordered, request)?.bias?.marks?.pins);
});

it.each([
  ['ordered', ordered],
  ['unordered', unordered],
])('leads walks to what is preferred in an %s graph, and only then', (_, graph) => {
  const source = pixieSource(walkKernelFor(graph.topology), 9, { restart: 1 });
  const found = (asked: Parameters<typeof walkRulesOf>[1]): number[] => {
    const walk = walkRulesOf(graph, asked);
    return [...source.retrieve({ ...evenQuery(Uint32Array.of(0)), ...(walk && { walk }) }, 9).pins].toSorted();
  };
  expect(found({})).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  // Marks are met by up to eight draws, so of 10,000 steps some end elsewhere.
  const best = walkRulesOf(graph, request)?.bias?.ranges?.boards ? 3 : 8;
  expect(found(request).slice(0, best)).toEqual(expect.arrayContaining([1, 2, 3]));
  if (best === 3) expect(found(request)).toEqual([1, 2, 3]);
  expect(found({ exclude_boards: ['b0', 'b3', 'nowhere'] })).toEqual([3, 4, 5, 6]);
});

it('refuses an attribute that no node has, and names those that there are', () => {
  expect(() => walkRulesOf(ordered, { bias: { prefer: { topic: 'tea' } } })).toThrow(
    /has a topic.*It knows language\.$/,
  );
  expect(walkRulesOf(ordered, { bias: { prefer: {} }, exclude_boards: [] })).toBeUndefined();
});

it('names the boards and values of a request that change nothing', () => {
  const asked = { bias: { prefer: { language: 'eo' } }, exclude_boards: ['b0', 'nowhere'] };
  for (const graph of [ordered, unordered])
    expect(unheeded(graph, asked)).toEqual([
      'There is no board "nowhere" in this graph, so excluding it changes nothing.',
      'No pin and no board has the language "eo", so walks prefer nothing for it.',
    ]);
  expect(unheeded(ordered, { bias: { prefer: { language: 'sv' } }, exclude_boards: ['b1'] })).toEqual([]);
});
