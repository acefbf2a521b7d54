import type { CandidateSource } from './candidate-source.js';
import { scoredSource } from './scored-source.js';
import type { TextTerms } from './text-terms.js';

/** Cosine of TF-IDF vectors between a pin and the weighted sum of the query's pins, by an inverted index. */
export function contentSource(text: TextTerms): CandidateSource {
  const pinCount = text.offsets.length - 1;
  const postings = invert(text);
  const profile = new Float64Array(text.termCount);
  const touched: number[] = [];
  return scoredSource({
    name: 'content',
    pinCount,
    fill(query, scores) {
      for (let q = 0; q < query.pins.length; q++) {
        const pin = query.pins[q];
        for (let e = text.offsets[pin]; e < text.offsets[pin + 1]; e++) {
          const term = text.terms[e];
          if (profile[term] === 0) touched.push(term);
          profile[term] += query.weights[q] * text.weights[e];
        }
      }
      let norm = 0;
      for (const term of touched) norm += profile[term] ** 2;
      // Words that all pins share weigh nothing, and a profile of them alone has no length.
      const length = Math.sqrt(norm) || 1;
      for (const term of touched) {
        const weight = profile[term] / length;
        profile[term] = 0;
        for (let e = postings.offsets[term]; e < postings.offsets[term + 1]; e++)
          scores[postings.pins[e]] += weight * postings.weights[e];
      }
      touched.length = 0;
    },
  });
}

/** For each term the pins that carry it, ascending, with its weight there. */
function invert({ termCount, offsets: rows, terms, weights: values }: TextTerms) {
  const offsets = new Uint32Array(termCount + 1);
  for (const term of terms) offsets[term + 1]++;
  for (let t = 0; t < termCount; t++) offsets[t + 1] += offsets[t];
  const next = offsets.slice(0, termCount);
  const pins = new Uint32Array(terms.length);
  const weights = new Float32Array(terms.length);
  for (let pin = 0; pin + 1 < rows.length; pin++)
    for (let e = rows[pin]; e < rows[pin + 1]; e++) {
      const slot = next[terms[e]]++;
      pins[slot] = pin;
      weights[slot] = values[e];
    }
  return { offsets, pins, weights };
}
