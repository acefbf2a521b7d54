import { describe, expect, it } from 'vitest';
import { ExactIndex } from '../../src/ann/exact.js';
import { type CandidateSource, evenQuery, sourceNames } from '../../src/candidates/candidate-source.js';
import { type FittedSource, fitSource, openSource, standingAlone } from '../../src/candidates/fitted-source.js';
import { fitIalsFactors } from '../../src/candidates/ials-factors.js';
import { mapFactors } from '../../src/candidates/mapped-factors.js';
import { vectorSource } from '../../src/candidates/vector-source.js';
import { random } from '../../src/random.js';
import { smallGraph } from './small-graph.js';

const graph = smallGraph();
const pinCount = graph.pins.size;
const dimension = 8;

function unitVectors(): Float32Array {
  const stream = random(9);
  const vectors = Float32Array.from({ length: pinCount * dimension }, () => stream.normal());
  for (let pin = 0; pin < pinCount; pin++) {
    const row = vectors.subarray(pin * dimension, (pin + 1) * dimension);
    const norm = Math.hypot(...row);
    row.forEach((value, d) => (row[d] = value / norm));
  }
  return vectors;
}

/** Boards of each pin; three have none. */
const degrees = Uint32Array.from({ length: pinCount }, (_, pin) => ([3, 17, 30].includes(pin) ? 0 : 1 + (pin % 7)));
const table = { dimension, vectors: unitVectors() };
const factors = await fitIalsFactors(graph.topology, { factors: 8 });
const fittedFor = async (name: (typeof sourceNames)[number]): Promise<FittedSource> => {
  if (name === 'pintext') return { name, settings: {}, fitted: table };
  if (name === 'mapped') return { name, settings: {}, fitted: mapFactors(graph.topology, factors, table) };
  return fitSource(graph, name);
};
const fitted = new Map(await Promise.all(sourceNames.map(async (name) => [name, await fittedFor(name)] as const)));
const open = (name: (typeof sourceNames)[number]): CandidateSource =>
  openSource(fitted.get(name)!, { topology: graph.topology, table });

const sources: [string, () => CandidateSource][] = [
  ...sourceNames.map((name): [string, () => CandidateSource] => [name, () => open(name)]),
  ['pinsage, nearest pins', () => vectorSource(table, { pooling: 'nearest' })],
  ['pinsage, cold pins raised', () => vectorSource(table, { coldBonus: 0.2 }, { degrees })],
  ['pinsage, popular pins raised', () => vectorSource(table, { popularity: 0.1 }, { degrees })],
  ['pinsage, pins of many boards damped', () => vectorSource(table, { damping: 0.5 }, { degrees })],
  ['pinsage, through an index', () => vectorSource(table, {}, { index: new ExactIndex(table) })],
];

const queries = [[5], [1, 2, 9], [0, 4, 8, 12, 16, 20]].map((pins) => evenQuery(Uint32Array.from(pins)));

describe.each(sources)('the source %s', (_, make) => {
  it('retrieves the best pins in order, without those of the query', () => {
    const source = make();
    for (const query of queries) {
      const { pins, scores } = source.retrieve(query, 12);
      expect(pins.length).toBeGreaterThan(0);
      expect(pins.length).toBeLessThanOrEqual(12);
      expect(new Set(pins).size).toBe(pins.length);
      for (const pin of query.pins) expect([...pins]).not.toContain(pin);
      for (let i = 1; i < pins.length; i++)
        expect(scores[i - 1] > scores[i] || (scores[i - 1] === scores[i] && pins[i - 1] < pins[i])).toBe(true);
      const others = Uint32Array.from({ length: pinCount }, (__, pin) => pin).filter(
        (pin) => !pins.includes(pin) && !query.pins.includes(pin),
      );
      const last = scores[scores.length - 1];
      if (pins.length === 12)
        for (const score of source.score(query, others)) expect(score).toBeLessThanOrEqual(last + 1e-6);
    }
  });

  it('scores pins as it retrieves them', () => {
    const source = make();
    for (const query of queries) {
      const { pins, scores } = source.retrieve(query, 10);
      source.score(query, pins).forEach((score, i) => expect(score).toBeCloseTo(scores[i], 5));
    }
  });

  it('answers a block as it answers one by one', () => {
    const blocked = make();
    const single = make();
    blocked.prepare?.(queries);
    for (const query of queries) {
      const block = blocked.retrieve(query, 10);
      const alone = single.retrieve(query, 10);
      expect([...block.pins]).toEqual([...alone.pins]);
      block.scores.forEach((score, i) => expect(score).toBeCloseTo(alone.scores[i], 5));
    }
  });

  it('answers a query without pins', () => {
    expect(make().retrieve(evenQuery(new Uint32Array(0)), 5).pins.length).toBeLessThanOrEqual(5);
  });
});

describe('the pinsage source', () => {
  it.each([
    ['an exact scan', {}],
    ['an index', { index: new ExactIndex(table) }],
  ])('finds nothing like a query without pins by %s', (_, context) => {
    const source = vectorSource(table, {}, context);
    const none = evenQuery(new Uint32Array(0));
    expect(source.retrieve(none, 9).pins).toHaveLength(0);
    expect([...source.score(none, Uint32Array.of(0, 5))]).toEqual([0, 0]);
  });

  it('finds through an index what it finds by an exact scan', () => {
    const exact = vectorSource(table);
    const indexed = vectorSource(table, {}, { index: new ExactIndex(table) });
    for (const query of queries) expect(indexed.retrieve(query, 9).pins).toEqual(exact.retrieve(query, 9).pins);
  });

  it('averages the likeness to the nearest pins of the query', () => {
    const source = vectorSource(table, { pooling: 'nearest', nearest: 2 });
    const [score] = source.score(queries[1], Uint32Array.of(30));
    const likeness = [...queries[1].pins].map((pin) => {
      let sum = 0;
      for (let d = 0; d < dimension; d++) sum += table.vectors[pin * dimension + d] * table.vectors[30 * dimension + d];
      return sum;
    });
    const [first, second] = likeness.sort((a, b) => b - a);
    expect(score).toBeCloseTo((first + second) / 2, 5);
  });

  it('raises pins without boards by the bonus, and then scans even where there is an index', () => {
    const cold = Uint32Array.of(3, 17, 30);
    const plain = vectorSource(table);
    const raised = vectorSource(table, { coldBonus: 0.5 }, { index: new ExactIndex(table), degrees });
    const every = Uint32Array.from({ length: pinCount }, (_, pin) => pin);
    for (const query of queries) {
      const before = plain.score(query, every);
      raised.score(query, every).forEach((score, pin) => {
        expect(score).toBeCloseTo(before[pin] + (cold.includes(pin) ? 0.5 : 0), 5);
      });
      expect(raised.retrieve(query, 12).pins.some((pin) => cold.includes(pin))).toBe(true);
    }
  });

  describe('where some pins have no vector', () => {
    const vectors = table.vectors.slice();
    for (const pin of [3, 5]) vectors.fill(0, pin * dimension, (pin + 1) * dimension);
    const settings = { coldBonus: 0.5 };
    const known = { dimension, vectors };

    it('raises none of them, for nothing is known of them', () => {
      const source = vectorSource(known, settings, { degrees });
      const [wordless, cold] = source.score(queries[1], Uint32Array.of(3, 17));
      expect(wordless).toBe(0);
      expect(cold).toBeCloseTo(vectorSource(known).score(queries[1], Uint32Array.of(17))[0] + 0.5, 5);
    });

    it.each([
      ['an exact scan', { degrees }],
      ['an index', { index: new ExactIndex(known) }],
    ])('finds nothing like one of them by %s, alone or in a block', (_, context) => {
      const source = vectorSource(known, settings, context);
      const [nowhere, other] = [evenQuery(Uint32Array.of(5)), queries[1]];
      for (const prepared of [[], [nowhere, other]]) {
        source.prepare?.(prepared);
        expect(source.retrieve(nowhere, 9).pins).toHaveLength(0);
        expect([...source.score(nowhere, Uint32Array.of(0, 17))]).toEqual([0, 0]);
        expect(source.retrieve(other, 9).pins).toHaveLength(9);
      }
    });
  });

  it('multiplies likeness by a power of popularity, also of what an index finds', () => {
    const plain = vectorSource(table);
    const settings = { popularity: 0.5 };
    const popular = vectorSource(table, settings, { degrees });
    // A quarter of the pins: the index is asked for all.
    const wanted = Math.ceil(pinCount / 4);
    const indexed = vectorSource(table, settings, { index: new ExactIndex(table), degrees });
    const every = Uint32Array.from({ length: pinCount }, (_, pin) => pin);
    for (const query of queries) {
      const before = plain.score(query, every);
      popular.score(query, every).forEach((score, pin) => {
        expect(score).toBeCloseTo(before[pin] * Math.sqrt(Math.max(1, degrees[pin])), 5);
      });
      expect(indexed.retrieve(query, wanted).pins).toEqual(popular.retrieve(query, wanted).pins);
    }
  });

  it('raises and damps nothing where it is not told the numbers of boards', () => {
    const every = Uint32Array.from({ length: pinCount }, (_, pin) => pin);
    const raised = vectorSource(table, { popularity: 0.5, coldBonus: 0.5, damping: 0.5 });
    for (const query of queries) expect(raised.score(query, every)).toEqual(vectorSource(table).score(query, every));
  });

  it('weighs the pins of a query by a power of their boards, also where an index is asked', () => {
    const plain = vectorSource(table);
    const damped = vectorSource(table, { damping: 0.5 }, { degrees });
    const indexed = vectorSource(table, { damping: 0.5 }, { index: new ExactIndex(table), degrees });
    const every = Uint32Array.from({ length: pinCount }, (_, pin) => pin);
    for (const query of queries) {
      const weights = query.weights.map((weight, q) => weight / Math.sqrt(Math.max(1, degrees[query.pins[q]])));
      const weighed = plain.score({ ...query, weights }, every);
      damped.score(query, every).forEach((score, pin) => expect(score).toBeCloseTo(weighed[pin], 5));
      expect(indexed.retrieve(query, 5).pins).toEqual(damped.retrieve(query, 5).pins);
    }
  });

  it('answers alone with settings of its own, where a model has chosen any', async () => {
    const chosen = { name: 'pinsage', settings: { coldBonus: 0.1, alone: { popularity: 0.5 } }, fitted: null } as const;
    expect((await standingAlone(graph, chosen)).settings).toEqual({ coldBonus: 0.1, popularity: 0.5 });
    const context = { topology: graph.topology, table };
    const [query] = queries;
    const beside = openSource(chosen, context).retrieve(query, 12);
    expect(beside.scores).toEqual(
      openSource({ ...chosen, settings: { coldBonus: 0.1 } }, context).retrieve(query, 12).scores,
    );
    expect(openSource(await standingAlone(graph, chosen), context).retrieve(query, 12).scores).not.toEqual(
      beside.scores,
    );
    // Co-occurrence is fitted for its settings.
    const together = await fitSource(graph, 'rp3beta', { alpha: 0.4, alone: { alpha: 1 } });
    expect(await standingAlone(graph, together)).toEqual(await fitSource(graph, 'rp3beta', { alpha: 1 }));
  });

  it('tells beside others what it would score alone, by all columns of its table', async () => {
    const chosen = {
      name: 'pinsage',
      settings: { coldBonus: 0.1, alone: { coldBonus: 0.2, popularity: 0.5, damping: 0.4 } },
      fitted: null,
    } as const;
    const few = dimension / 2;
    const leading = table.vectors.filter((_, i) => i % dimension < few);
    const { topology } = graph;
    const beside = openSource(chosen, { topology, table: { dimension: few, vectors: leading }, whole: table });
    const alone = openSource(await standingAlone(graph, chosen), { topology, table });
    const pins = Uint32Array.from({ length: pinCount }, (_, pin) => pin);
    for (const query of [...queries, evenQuery(new Uint32Array(0))]) {
      const [told] = beside.aspects!(query, pins);
      const scores = alone.score(query, pins);
      told.forEach((score, pin) => expect(score).toBeCloseTo(scores[pin], 5));
    }
    expect(beside.score(queries[0], pins)).not.toEqual(alone.score(queries[0], pins));
  });

  it('finds nothing for a query without pins, not even raised ones', () => {
    const raised = vectorSource(table, { coldBonus: 0.5 }, { degrees });
    const empty = evenQuery(new Uint32Array(0));
    expect(raised.retrieve(empty, 5).pins).toHaveLength(0);
    raised.prepare?.([empty]);
    expect(raised.retrieve(empty, 5).pins).toHaveLength(0);
  });

  it('asks for a model where there is no table', () => {
    expect(() => openSource(fitted.get('pinsage')!, { topology: graph.topology })).toThrow('embedding table');
  });
});
