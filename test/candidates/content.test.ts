import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { contentSource } from '../../src/candidates/content.js';
import { fitTextTerms, words } from '../../src/candidates/text-terms.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';

const texts = [
  'red fox fox runs',
  'red red wolf runs',
  'green tree in a red wood',
  'tall green tree',
  'unique',
  '',
  'fox wolf',
];
const graph = memoryGraph({
  pins: texts.map((_, i) => `${i}`),
  boards: [],
  edges: { boards: new Uint32Array(0), pins: new Uint32Array(0) },
  pinAttributes: {
    title: texts.map((text) => text.split(' ')[0] || null),
    text: texts.map((text) => text.split(' ').slice(1).join(' ')),
  },
});

/** TF-IDF vectors as maps, by the formula. */
function vectors(keep: (pins: number) => boolean): Map<string, number>[] {
  const bags = texts.map((text) => text.split(' ').filter((word) => word !== ''));
  const pinsWith = (word: string): number => bags.filter((bag) => bag.includes(word)).length;
  return bags.map((bag) => {
    const weights = new Map<string, number>();
    for (const word of new Set(bag)) {
      if (!keep(pinsWith(word))) continue;
      const times = bag.filter((other) => other === word).length;
      weights.set(word, (1 + Math.log(times)) * Math.log(texts.length / pinsWith(word)));
    }
    const norm = Math.hypot(...weights.values()) || 1;
    return new Map([...weights].map(([word, weight]) => [word, weight / norm]));
  });
}

function cosine(a: Map<string, number>, b: Map<string, number>): number {
  let sum = 0;
  for (const [word, weight] of a) sum += weight * (b.get(word) ?? 0);
  return sum / (Math.hypot(...a.values()) * Math.hypot(...b.values()) || 1);
}

describe('text content', () => {
  it('scores by the cosine to the summed TF-IDF of the query', () => {
    const reference = vectors((pins) => pins >= 2);
    const source = contentSource(fitTextTerms(graph, { minPins: 2, maxShare: 1 }));
    for (const query of [[0], [0, 2], [3, 4, 6], [5]]) {
      const profile = new Map<string, number>();
      for (const pin of query)
        for (const [word, weight] of reference[pin]) profile.set(word, (profile.get(word) ?? 0) + weight);
      const scores = source.score(evenQuery(Uint32Array.from(query)), Uint32Array.from(texts.keys()));
      texts.forEach((_, pin) => expect(scores[pin]).toBeCloseTo(cosine(profile, reference[pin]), 5));
    }
  });

  it('drops words on too few or too many pins', () => {
    // "red" is on three of seven pins, "unique" on one.
    const { offsets } = fitTextTerms(graph, { minPins: 2, maxShare: 0.4 });
    expect(offsets[5] - offsets[4]).toBe(0);
    expect(offsets[2] - offsets[1]).toBe(2);
  });

  it('reads words in any script, without case and punctuation', () => {
    expect(words('Über-Graphs: 東京 x2, don’t')).toEqual(['über', 'graphs', '東京', 'x2', 'don', 't']);
  });
});

it('knows nothing where all pins have the same words', () => {
  const alike = memoryGraph({
    pins: ['a', 'b'],
    boards: [],
    edges: { boards: new Uint32Array(0), pins: new Uint32Array(0) },
    pinAttributes: { title: ['red fox', 'red fox'] },
  });
  const query = evenQuery(Uint32Array.of(0));
  const source = contentSource(fitTextTerms(alike));
  expect([...source.score(query, Uint32Array.of(0, 1))]).toEqual([0, 0]);
  expect(source.retrieve(query, 5).pins).toHaveLength(0);
});

it('finds other forms of a word by the character n-grams that they share', () => {
  const named = memoryGraph({
    pins: ['a', 'b', 'c', 'd'],
    boards: [],
    edges: { boards: new Uint32Array(0), pins: new Uint32Array(0) },
    pinAttributes: { title: ['graphs', 'subgraph', 'walks', 'walking'] },
  });
  const likeFirst = (characterGrams: number): Float32Array =>
    contentSource(fitTextTerms(named, { characterGrams, maxShare: 1 })).score(
      evenQuery(Uint32Array.of(0)),
      Uint32Array.of(1, 2, 3),
    );
  expect([...likeFirst(0)]).toEqual([0, 0, 0]);
  const [subgraph, walks, walking] = likeFirst(5);
  expect(subgraph).toBeGreaterThan(0.1);
  expect(walks).toBe(0);
  expect(walking).toBe(0);
});
