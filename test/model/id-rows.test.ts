import { expect, it } from 'vitest';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { fitIds, growIds, idRows, idTableRows, knownIds } from '../../src/model/id-rows.js';
import { knownHashes } from '../../src/model/known-hashes.js';
import { pinSageSpec } from '../../src/model/spec.js';
import { hashText } from '../../src/model/text-features.js';

/** Boards as lists of pins; all pins named are in the graph. */
function graphOf(pins: readonly string[], boards: readonly (readonly string[])[]) {
  return memoryGraph({
    pins: [...pins],
    boards: boards.map((_, board) => `board ${board}`),
    edges: {
      boards: Uint32Array.from(boards.flatMap((held, board) => held.map(() => board))),
      pins: Uint32Array.from(boards.flat(), (pin) => pins.indexOf(pin)),
    },
  });
}

const features = (idBuckets: number, idDropout = 0) => pinSageSpec({ features: { idBuckets, idDropout } }).features;

/** The row of each pin's id, by its name. */
function rowsByName(graph: ReturnType<typeof graphOf>, fitted: ReturnType<typeof fitIds>): Map<string, number[]> {
  const { offsets, columns } = idRows(graph, features(1), fitted);
  return new Map(
    Array.from({ length: graph.pins.size }, (_, pin) => [
      graph.pins.id(pin),
      [...columns.subarray(offsets[pin], offsets[pin + 1])],
    ]),
  );
}

const young = graphOf(['a', 'b', 'c', 'alone'], [['a', 'b'], ['c']]);
const grown = graphOf(
  ['late', 'c', 'alone', 'b', 'a'],
  [
    ['late', 'c', 'alone'],
    ['a', 'b'],
  ],
);

it('gives each pin with boards a row to itself, and pins that training has not known none', () => {
  const fitted = fitIds(young, features(3));
  const rows = rowsByName(grown, fitted);
  expect(['a', 'b', 'c'].flatMap((name) => rows.get(name)).toSorted()).toEqual([0, 1, 2]);
  expect(rows.get('late')).toEqual([]);
  expect(rows.get('alone')).toEqual([]);
  expect(rowsByName(young, fitted).get('a')).toEqual(rows.get('a'));
});

it('keeps the old rows where a graph has grown, and adds rows for pins that have boards now', () => {
  const fitted = fitIds(young, features(3));
  const more = growIds(fitted, grown);
  expect(idTableRows(features(3), more)).toBe(5);
  const [before, after] = [rowsByName(grown, fitted), rowsByName(grown, more)];
  for (const name of ['a', 'b', 'c']) expect(after.get(name)).toEqual(before.get(name));
  expect(['late', 'alone'].flatMap((name) => after.get(name)).toSorted()).toEqual([3, 4]);
});

it('tells pins apart whose ids have one 32-bit hash', () => {
  const alike = ['brp-pacu', 'libpandoc-wrapper-perl'];
  expect(new Set(alike.map((id) => hashText(id))).size).toBe(1);
  const graph = graphOf(alike, [alike]);
  const fitted = fitIds(graph, features(2));
  expect([...rowsByName(graph, fitted).values()]).toEqual([[0], [1]]);
  expect(idTableRows(features(2), growIds(fitted, graph))).toBe(2);
});

it('reads and grows the rows of an older model, which knows ids by 32 bits', () => {
  const fitted = new Map([[knownIds, knownHashes(['a', 'c'].map((id) => hashText(id)))]]);
  const more = growIds(fitted, grown);
  expect(more.get(knownIds)?.shape).toEqual([5, 2]);
  const rows = rowsByName(grown, more);
  expect([rows.get('a'), rows.get('c')]).toEqual([[0], [1]]);
  expect(['late', 'alone', 'b'].flatMap((name) => rows.get(name)).toSorted()).toEqual([2, 3, 4]);
});

it('shares two hashed rows a pin where there are more pins than rows', () => {
  const fitted = fitIds(young, features(2));
  expect(fitted.has(knownIds)).toBe(false);
  const { shape, offsets, values } = idRows(young, features(2), fitted);
  expect(shape).toEqual([4, 2]);
  expect([...offsets]).toEqual([0, 2, 4, 6, 8]);
  expect(values.every((value) => value > 0)).toBe(true);
  expect([...idRows(young, features(2, 0.1), fitted).values.subarray(6)]).toEqual([0, 0]);
});
