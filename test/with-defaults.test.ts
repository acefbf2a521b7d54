import { expect, it } from 'vitest';
import { withDeepDefaults, withDefaults } from '../src/with-defaults.js';

it('gives what is left out or undefined its default, and nothing else', () => {
  const defaults = { rows: 5, name: 'usual', force: true, found: {} as object | null };
  const given: Partial<typeof defaults> & { out: string; more?: number } = {
    rows: 0,
    name: undefined,
    force: false,
    found: null,
    out: 'here',
    more: undefined,
  };
  const merged = withDefaults(defaults, given);
  expect(merged).toEqual({ rows: 0, name: 'usual', force: false, found: null, out: 'here' });
  expect(Object.keys(merged)).not.toContain('more');
  expect(defaults.rows).toBe(5);
});

it('takes objects that are given whole, unless asked for their parts', () => {
  const defaults = { inner: { a: 1, b: 2 }, list: [1, 2] };
  const given = { inner: { a: 3 }, list: [4] };
  expect(withDefaults(defaults, given)).toEqual({ inner: { a: 3 }, list: [4] });
  expect(withDeepDefaults(defaults, given)).toEqual({ inner: { a: 3, b: 2 }, list: [4] });
});
