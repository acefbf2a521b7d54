import { expect, it } from 'vitest';
import { evenQuery } from '../../../src/candidates/candidate-source.js';
import { shortQueries } from '../../../src/pipeline/holdout/short-queries.js';
import type { JudgedQuery } from '../../../src/ranking/examples.js';

const size = 12;
const judged: JudgedQuery[] = Array.from({ length: 400 }, (_, board) => ({
  board,
  query: evenQuery(Uint32Array.from({ length: size }, (__, i) => board + i)),
  saved: new Set([board + size]),
}));

it('lets a quarter of the boards ask again with a part of their pins, the rest of which it names', () => {
  const short = shortQueries(judged, 1);
  expect(short.length).toBeGreaterThan(80);
  for (const { board, query, saved, cut } of short) {
    expect(saved).toBe(judged[board].saved);
    expect([...query.pins, ...cut!].toSorted((a, b) => a - b)).toEqual([...judged[board].query.pins]);
    expect(Math.min(query.pins.length, cut!.size)).toBeGreaterThan(0);
  }
  expect(shortQueries(judged, 1)).toEqual(short);
  expect(shortQueries(judged, 2)).not.toEqual(short);
});

it('has short queries about as often as long ones', () => {
  const sizes = shortQueries(judged, 1).map(({ query }) => query.pins.length);
  const share = (least: number, most: number): number =>
    sizes.filter((pins) => pins >= least && pins <= most).length / sizes.length;
  // Of the logarithm of 13, .27 belong to one pin, .43 to two to five and .27 to six to eleven.
  expect(share(1, 1)).toBeGreaterThan(0.15);
  expect(share(2, 5)).toBeGreaterThan(0.2);
  expect(share(6, 11)).toBeGreaterThan(0.15);
});

it('leaves boards of one pin as they are', () => {
  const single = judged.map((each) => ({ ...each, query: evenQuery(each.query.pins.slice(0, 1)) }));
  expect(shortQueries(single, 1)).toEqual([]);
});
