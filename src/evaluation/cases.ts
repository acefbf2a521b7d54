import { random, shuffle } from '../random.js';
import { sharedUint32 } from '../sampling/shared-arrays.js';

/** One question with a known answer, in dense indices. */
export interface Case {
  /** The pins that are known; they are masked in the ranking. */
  readonly query: Uint32Array;
  /** Test pins that the catalogue has. */
  readonly relevant: Uint32Array;
  /** All test pins: those outside the catalogue can only be missed. */
  readonly relevantCount: number;
  /** A name that it shares with the cases that are not independent of it; without one it stands by itself. */
  readonly cluster?: string;
}

/** [cases] clusters numbered from 0 in the order in which they appear; none where every case stands by itself. */
export function clustersOf(cases: readonly Case[]): Uint32Array | undefined {
  if (cases.every(({ cluster }) => cluster === undefined)) return undefined;
  const numbers = new Map<string | Case, number>();
  return Uint32Array.from(cases, (one) => {
    const of = one.cluster ?? one;
    const known = numbers.get(of);
    if (known !== undefined) return known;
    numbers.set(of, numbers.size);
    return numbers.size - 1;
  });
}

/** Whether a ranking can hold a test pin at all: those outside the catalogue, or among the known, can only be missed. */
export function isFindable({ query, relevant }: Case): boolean {
  return relevant.some((pin) => !query.includes(pin));
}

/** Cases as columns in shared memory, which every worker reads. */
export interface Cases {
  readonly size: number;
  readonly queryOffsets: Uint32Array;
  readonly queries: Uint32Array;
  readonly relevantOffsets: Uint32Array;
  readonly relevant: Uint32Array;
  readonly relevantCounts: Uint32Array;
}

export function packCases(cases: readonly Case[]): Cases {
  const total = (length: (one: Case) => number): number => cases.reduce((sum, one) => sum + length(one), 0);
  const packed = {
    size: cases.length,
    queryOffsets: sharedUint32(cases.length + 1),
    queries: sharedUint32(total(({ query }) => query.length)),
    relevantOffsets: sharedUint32(cases.length + 1),
    relevant: sharedUint32(total(({ relevant }) => relevant.length)),
    relevantCounts: sharedUint32(cases.length),
  };
  cases.forEach(({ query, relevant, relevantCount }, i) => {
    packed.queries.set(query, packed.queryOffsets[i]);
    packed.queryOffsets[i + 1] = packed.queryOffsets[i] + query.length;
    packed.relevant.set(relevant, packed.relevantOffsets[i]);
    packed.relevantOffsets[i + 1] = packed.relevantOffsets[i] + relevant.length;
    packed.relevantCounts[i] = relevantCount;
  });
  return packed;
}

export function caseAt(cases: Cases, index: number): Case {
  return {
    query: cases.queries.subarray(cases.queryOffsets[index], cases.queryOffsets[index + 1]),
    relevant: cases.relevant.subarray(cases.relevantOffsets[index], cases.relevantOffsets[index + 1]),
    relevantCount: cases.relevantCounts[index],
  };
}

/** `size` cases drawn without replacement, in their old order; all of them where there are no more. */
export function sampleCases<T>(cases: readonly T[], size: number, seed: number): readonly T[] {
  if (size >= cases.length) return cases;
  const drawn = shuffle(Uint32Array.from(cases.keys()), random(seed)).subarray(0, size);
  return Array.from(drawn.sort(), (index) => cases[index]);
}
