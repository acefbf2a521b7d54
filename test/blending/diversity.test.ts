import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diversify, type KindAttribute } from '../../src/blending/diversity.js';

interface Item {
  readonly pin: number;
  readonly owner: string | null;
  readonly score: number;
}

const itemsOf = (owners: readonly (string | null)[]): Item[] =>
  owners.map((owner, pin) => ({ pin, owner, score: 1 / (1 + pin) }));
const spread = (items: readonly Item[], limit: number, longestRun = 2): Item[] =>
  diversify(items, limit, { longestRun, attributes: ['owner'] }, (pin) => items[pin].owner);
const ownersOf = (items: readonly Item[]): string => items.map(({ owner }) => owner ?? '-').join('');
const anyOwners = fc.array(fc.constantFrom('a', 'b', 'c', null), { maxLength: 40 });

/**
 * The rule as one would write it: the first of those left that fits and scores enough beside the first of all, where
 * none does that one.
 */
function plainly(
  kinds: readonly (readonly (string | null)[])[],
  scores: readonly number[],
  limit: number,
  longestRun: number,
  leastShare: number,
): number[] {
  const shown: number[] = [];
  const left = [...kinds.keys()];
  const ends = (pin: number): boolean =>
    [0, 1].some((attribute) => {
      const value = kinds[pin][attribute];
      const last = shown.slice(-longestRun);
      return value !== null && last.length === longestRun && last.every((one) => kinds[one][attribute] === value);
    });
  while (shown.length < limit && left.length > 0) {
    const place = left.findIndex((pin) => !ends(pin) && scores[pin] >= leastShare * scores[left[0]]);
    shown.push(...left.splice(Math.max(0, place), 1));
  }
  return shown;
}

describe('the diversity rule', () => {
  it('lets a pin wait that would make a run too long', () => {
    expect(ownersOf(spread(itemsOf(['a', 'a', 'a', 'a', 'b', 'b', 'c']), 7))).toBe('aabaabc');
  });

  it('puts no pin before another that is much better', () => {
    const items = [0.9, 0.8, 0.7, 0.6, 0.4, 0.01].map((score, pin) => ({ pin, score }));
    const ofTwo = (pin: number): string => (pin < 4 ? 'a' : 'b');
    const shown = (leastShare: number): number[] =>
      diversify(items, 6, { longestRun: 2, attributes: ['owner'], leastShare }, ofTwo).map(({ pin }) => pin);
    expect(shown(0)).toEqual([0, 1, 4, 2, 3, 5]);
    expect(shown(0.5)).toEqual([0, 1, 4, 2, 3, 5]);
    expect(shown(0.6)).toEqual([0, 1, 2, 4, 3, 5]);
    expect(shown(0.8)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('follows the order where only one kind is left', () => {
    expect(ownersOf(spread(itemsOf(['a', 'a', 'a', 'a']), 4))).toBe('aaaa');
  });

  it('keeps the order of pins without the attribute', () => {
    const items = itemsOf([null, null, null, null]);
    expect(spread(items, 3)).toEqual(items.slice(0, 3));
  });

  it('is off at a run of 0', () => {
    const items = itemsOf(['a', 'a', 'a', 'b']);
    expect(spread(items, 4, 0)).toEqual(items);
  });

  it('shows each pin once, the best first', () => {
    fc.assert(
      fc.property(anyOwners, (owners) => {
        const shown = spread(itemsOf(owners), owners.length).map(({ pin }) => pin);
        expect([...shown].sort((a, b) => a - b)).toEqual([...owners.keys()]);
        if (owners.length > 0) expect(shown[0]).toBe(0);
      }),
    );
  });

  it('gives the beginning of a longer list when asked for fewer', () => {
    fc.assert(
      fc.property(anyOwners, fc.nat(40), (owners, limit) => {
        const items = itemsOf(owners);
        expect(spread(items, limit)).toEqual(spread(items, owners.length).slice(0, limit));
      }),
    );
  });

  it('makes a longer run only where nothing else is left', () => {
    fc.assert(
      fc.property(anyOwners, (owners) => {
        const shown = spread(itemsOf(owners), owners.length);
        for (let i = 2; i < shown.length; i++) {
          const { owner } = shown[i];
          if (owner === null || shown[i - 1].owner !== owner || shown[i - 2].owner !== owner) continue;
          expect(shown.slice(i).every((later) => later.owner === owner)).toBe(true);
        }
      }),
    );
  });

  it('is the plain rule for any owners and domains, and reads each of them once', () => {
    const value = fc.constantFrom('a', 'b', 'c', null);
    const many = fc.array(fc.tuple(value, value, fc.nat(20)), { maxLength: 60 });
    const share = fc.constantFrom(0, 0.3, 0.5, 1);
    fc.assert(
      fc.property(many, fc.nat(60), fc.integer({ min: 1, max: 3 }), share, (pins, limit, longestRun, leastShare) => {
        const scored = pins.toSorted((a, b) => b[2] - a[2]);
        const kinds = scored.map(([owner, domain]) => [owner, domain]);
        const scores = scored.map(([, , score]) => score / 20);
        const items = scores.map((score, pin) => ({ pin, score }));
        const reads = new Set<string>();
        const valueOf = (pin: number, attribute: KindAttribute): string | null => {
          expect(reads).not.toContain(`${pin} ${attribute}`);
          reads.add(`${pin} ${attribute}`);
          return kinds[pin][attribute === 'owner' ? 0 : 1];
        };
        const options = { longestRun, attributes: ['owner', 'domain'] as const, leastShare };
        const shown = diversify(items, limit, options, valueOf);
        expect(shown.map(({ pin }) => pin)).toEqual(plainly(kinds, scores, limit, longestRun, leastShare));
      }),
    );
  });
});
