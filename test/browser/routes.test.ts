import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { counted, percent } from '../../src/explorer/page/numbers.js';
import { addressOf, routeOf } from '../../src/explorer/page/routes.js';

test('every id survives the way into an address and back', () => {
  const ids = string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
  assert(
    property(ids, (id) => {
      for (const name of ['pin', 'board', 'user'] as const)
        expect(routeOf(addressOf({ name, id }))).toEqual({ name, id });
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('an address of no place, or with a malformed escape, is lost rather than an error', () => {
  for (const hash of ['#/pin', '#/pin/', '#/pins/a', '#/pin/a/b', '#/pin/%zz', '#nowhere'])
    expect(routeOf(hash).name).toBe('lost');
  expect(routeOf('').name).toBe('home');
  expect(routeOf('#/').name).toBe('home');
  expect(routeOf('#/model').name).toBe('model');
});

test('counts and probabilities read as people write them', () => {
  expect(counted(1, 'pin')).toBe('1 pin');
  expect(counted(12345, 'pin')).toBe('12,345 pins');
  expect([0.873, 0.0421, 0.00004].map(percent)).toEqual(['87%', '4.2%', '<0.1%']);
});
