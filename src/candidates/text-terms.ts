import { characterGramsOf } from '../character-grams.js';
import type { Graph } from '../graph/graph.js';
import { textOf } from '../graph/pin-text.js';
import { sharedFloat32, sharedUint32 } from '../sampling/shared-arrays.js';
import { withDefaults } from '../with-defaults.js';

/** Pins as sparse unit vectors over terms, in compressed rows; the arrays lie in shared memory. */
export interface TextTerms {
  readonly termCount: number;
  /** [pins + 1]. */
  readonly offsets: Uint32Array;
  readonly terms: Uint32Array;
  /** TF-IDF, L2-normalised within a pin. */
  readonly weights: Float32Array;
}

export interface TextTermsOptions {
  /** Terms on fewer pins are dropped: one pin's own word can match nothing else. */
  minPins: number;
  /** Terms on a larger share of the pins are dropped: they tell nothing and cost most. */
  maxShare: number;
  /** Longest character n-gram beside the words, from 3; 0 for words alone. */
  characterGrams: number;
}

export const textTermsDefaults: TextTermsOptions = { minPins: 2, maxShare: 0.3, characterGrams: 0 };

/** Lower-case runs of letters, marks and digits. */
export function words(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

function* termsOf(text: string, characterGrams: number): Generator<string> {
  for (const word of words(text)) {
    yield word;
    yield* characterGramsOf(word, characterGrams);
  }
}

/** TF-IDF of every pin's title and text: (1 + ln tf) · ln(pins / pins with the term), then unit length. */
export function fitTextTerms(graph: Graph, options: Partial<TextTermsOptions> = {}): TextTerms {
  const { minPins, maxShare, characterGrams } = withDefaults(textTermsDefaults, options);
  const pinCount = graph.pins.size;
  const numbers = new Map<string, number>();
  const pinsWith: number[] = [];
  const counts: Map<number, number>[] = [];
  for (let pin = 0; pin < pinCount; pin++) {
    const count = new Map<number, number>();
    for (const found of termsOf(textOf(graph, pin), characterGrams)) {
      let term = numbers.get(found);
      if (term === undefined) numbers.set(found, (term = numbers.size));
      const before = count.get(term) ?? 0;
      if (before === 0) pinsWith[term] = (pinsWith[term] ?? 0) + 1;
      count.set(term, before + 1);
    }
    counts.push(count);
  }

  const renumbered = new Int32Array(pinsWith.length).fill(-1);
  const idf: number[] = [];
  pinsWith.forEach((pins, term) => {
    if (pins < minPins || pins > Math.max(minPins, maxShare * pinCount)) return;
    renumbered[term] = idf.length;
    idf.push(Math.log(pinCount / pins));
  });

  const offsets = sharedUint32(pinCount + 1);
  counts.forEach((count, pin) => {
    let kept = 0;
    for (const term of count.keys()) if (renumbered[term] >= 0) kept++;
    offsets[pin + 1] = offsets[pin] + kept;
  });
  const terms = sharedUint32(offsets[pinCount]);
  const weights = sharedFloat32(offsets[pinCount]);
  counts.forEach((count, pin) => {
    let slot = offsets[pin];
    let norm = 0;
    for (const [term, times] of count) {
      const kept = renumbered[term];
      if (kept < 0) continue;
      const weight = (1 + Math.log(times)) * idf[kept];
      terms[slot] = kept;
      weights[slot++] = weight;
      norm += weight * weight;
    }
    for (let s = offsets[pin]; s < slot; s++) weights[s] /= Math.sqrt(norm) || 1;
  });
  return { termCount: idf.length, offsets, terms, weights };
}
