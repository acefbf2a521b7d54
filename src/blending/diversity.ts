/** The attributes that make two pins "of a kind". */
export type KindAttribute = 'owner' | 'domain';

export interface DiversityOptions {
  /** Pins of one kind that may follow each other; a longer run waits for another kind. 0 allows any run. */
  readonly longestRun: number;
  readonly attributes: readonly KindAttribute[];
}

export const diversityDefaults: DiversityOptions = { longestRun: 2, attributes: ['owner', 'domain'] };

/**
 * Reorders pins so that at most `longestRun` neighbours share an owner or a domain. A pin that would make
 * the run longer waits until the next place where it does not; order is kept otherwise. Where only pins of
 * one kind are left they follow in their order, for a short list would serve nobody. A pin without the
 * attribute never runs into anything, so a graph without owners and domains keeps its order.
 */
export function diversify<T extends { readonly pin: number }>(
  ranked: readonly T[],
  limit: number,
  { longestRun, attributes }: DiversityOptions,
  attributeOf: (pin: number, attribute: KindAttribute) => string | null,
): T[] {
  if (longestRun === 0) return ranked.slice(0, limit);
  const shown: T[] = [];
  const waiting: T[] = [];
  const runs = attributes.map((attribute) => ({ attribute, value: null as string | null, length: 0 }));
  const fits = (item: T): boolean =>
    runs.every(
      ({ attribute, value, length }) =>
        length < longestRun || value === null || attributeOf(item.pin, attribute) !== value,
    );
  const show = (item: T): void => {
    shown.push(item);
    for (const run of runs) {
      const value = attributeOf(item.pin, run.attribute);
      run.length = value !== null && value === run.value ? run.length + 1 : 1;
      run.value = value;
    }
  };
  let next = 0;
  while (shown.length < limit && (next < ranked.length || waiting.length > 0)) {
    const overdue = waiting.findIndex(fits);
    if (overdue >= 0) show(waiting.splice(overdue, 1)[0]);
    else if (next === ranked.length) show(waiting.shift() as T);
    else if (fits(ranked[next])) show(ranked[next++]);
    else waiting.push(ranked[next++]);
  }
  return shown;
}
