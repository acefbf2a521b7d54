/** The attributes that make two pins "of a kind". */
export type KindAttribute = 'owner' | 'domain';

export interface DiversityOptions {
  /** Pins of one kind that may follow each other; a longer run waits for another kind. 0 allows any run. */
  readonly longestRun: number;
  readonly attributes: readonly KindAttribute[];
  /**
   * A pin is shown before a better one only where it scores at least this share of it: what is of another kind alone
   * is worth no place among results. Models made before this could be said have 0, any pin.
   */
  readonly leastShare?: number;
}

export const diversityDefaults: Required<DiversityOptions> = {
  longestRun: 2,
  attributes: ['owner', 'domain'],
  leastShare: 0.5,
};

interface Kinded<T> {
  readonly item: T;
  /** By attribute, a number for its value; 0 where there is none. */
  readonly kind: readonly number[];
}

/**
 * Reorders pins, best first, so that at most `longestRun` neighbours share an owner or a domain. A pin that would make
 * the run longer waits until the next place where it does not; order is kept otherwise. Where only pins of one kind are
 * left, or others that score too little, they follow in their order, for a short list or a poor one would serve nobody.
 * A pin without the attribute never runs into anything, so a graph without owners and domains keeps its order. Each
 * pin's attributes are read once, and what waits is not searched again for what it has been searched for.
 */
export function diversify<T extends { readonly pin: number; readonly score: number }>(
  ranked: readonly T[],
  limit: number,
  { longestRun, attributes, leastShare = 0 }: DiversityOptions,
  attributeOf: (pin: number, attribute: KindAttribute) => string | null,
): T[] {
  if (longestRun === 0) return ranked.slice(0, limit);
  const shown: T[] = [];
  const codes = new Map<string | null, number>([[null, 0]]);
  const codeOf = (value: string | null): number => {
    if (!codes.has(value)) codes.set(value, codes.size);
    return codes.get(value) as number;
  };

  const runs = attributes.map(() => ({ code: 0, length: 0 }));
  /** By attribute, the value that must not follow now; 0 where any may. */
  const barred = attributes.map(() => 0);
  const fits = ({ kind }: Kinded<T>, bars: readonly number[]): boolean =>
    bars.every((code, i) => code === 0 || code !== kind[i]);
  const show = ({ item, kind }: Kinded<T>): void => {
    shown.push(item);
    runs.forEach((run, i) => {
      run.length = kind[i] === run.code ? run.length + 1 : 1;
      run.code = kind[i];
      barred[i] = run.length < longestRun ? 0 : run.code;
    });
  };

  /** In their order; undefined once shown. */
  const waiting: (Kinded<T> | undefined)[] = [];
  const places = new Map<string, number>();
  /** The first place that fits. Whoever comes joins at the end, so for the same bars it never goes back. */
  const firstFit = (bars: readonly number[]): number => {
    const key = bars.join();
    const fewer = bars.flatMap((code, i) => (code === 0 ? [] : [firstFit(bars.with(i, 0))]));
    let place = Math.max(places.get(key) ?? 0, ...fewer);
    for (; place < waiting.length; place++) {
      const one = waiting[place];
      if (one && fits(one, bars)) break;
    }
    places.set(key, place);
    return place;
  };

  const unbarred = attributes.map(() => 0);
  let next = 0;
  while (shown.length < limit) {
    let place = firstFit(barred);
    const first = firstFit(unbarred);
    const least = leastShare * (waiting[first]?.item.score ?? 0);
    if (place === waiting.length && next < ranked.length && ranked[next].score >= least) {
      const item = ranked[next++];
      const one = { item, kind: attributes.map((attribute) => codeOf(attributeOf(item.pin, attribute))) };
      if (fits(one, barred)) show(one);
      else waiting.push(one);
      continue;
    }
    if ((waiting[place]?.item.score ?? Number.NEGATIVE_INFINITY) < least) place = first;
    const overdue = waiting[place];
    if (!overdue) break;
    waiting[place] = undefined;
    show(overdue);
  }
  return shown;
}
