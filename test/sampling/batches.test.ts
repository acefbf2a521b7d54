import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchMaker, type BatchTask } from '../../src/sampling/batches.js';
import { boardNeighbourhoods } from '../../src/sampling/board-neighbourhoods.js';
import { type Neighbourhoods } from '../../src/sampling/kernel.js';
import { batchBuffers, type BatchBoards, type BatchLayer, type MiniBatch } from '../../src/sampling/minibatch.js';
import { cumulativeChances } from '../../src/sampling/negatives.js';
import { typescriptKernel } from '../../src/sampling/typescript-kernel.js';
import { everyPin, pairsOf, pinCountOf, randomTopology } from './small-graphs.js';

const topology = randomTopology(51, 80, 30, 8);
const pinCount = pinCountOf(topology);
const boardCount = topology.boards.offsets.length - 1;
const neighbourhoods = typescriptKernel(topology).importancePool(everyPin(topology), {
  neighbours: 6,
  steps: 60,
  restart: 0.5,
  seed: 1,
  epoch: 0,
});
const withBoards = { ...neighbourhoods, boards: boardNeighbourhoods(topology, neighbourhoods, 5, 0.5) };
const allPairs = pairsOf(topology, 50);

function task(changes: Partial<BatchTask> = {}): BatchTask {
  return {
    index: 0,
    pairs: { queries: allPairs.queries.subarray(0, 20), positives: allPairs.positives.subarray(0, 20) },
    neighbourhoods,
    chances: cumulativeChances(topology.pins, 'uniform'),
    negatives: 10,
    hardNegatives: 0,
    hardNegativePool: undefined,
    layers: 2,
    neighbourDropout: 0,
    dropPairNeighbours: false,
    epoch: 1,
    seed: 1,
    ...changes,
  };
}

const make = (changes: Partial<BatchTask> = {}): MiniBatch => batchMaker(pinCount, boardCount)(task(changes));

/** A target's row as pin → weight. */
function rowOf(batch: MiniBatch, layer: BatchLayer, target: number): Map<number, number> {
  const row = new Map<number, number>();
  for (let i = target * layer.neighbours; i < (target + 1) * layer.neighbours; i++)
    if (layer.weights[i] > 0) row.set(batch.nodes[layer.indices[i]], layer.weights[i]);
  return row;
}

function neighbourhoodOf({ size, neighbours, weights }: Neighbourhoods, pin: number): Map<number, number> {
  const row = new Map<number, number>();
  for (let i = pin * size; i < (pin + 1) * size; i++) if (weights[i] > 0) row.set(neighbours[i], weights[i]);
  return row;
}

it('holds the pins that stand for its queries', () => {
  const companions = { offsets: Int32Array.of(0, 2, 2, 3), pins: Uint32Array.of(7, 9, 30) };
  const pairs = { queries: Uint32Array.of(1, 2, 3), positives: Uint32Array.of(4, 5, 6), companions };
  const batch = make({ pairs });
  const { offsets, positions } = batch.companions as NonNullable<MiniBatch['companions']>;
  expect([...offsets]).toEqual([0, 2, 2, 3]);
  expect(Array.from(positions, (position) => batch.nodes[position])).toEqual([7, 9, 30]);
  expect(Math.max(...positions)).toBeLessThan((batch.layers.at(-1) as BatchLayer).targets);
  expect(batchBuffers(batch)).toContain(positions.buffer);
});

it('keeps a positive and the companions that ask for it out of each other’s rows', () => {
  const at = allPairs.positives.findIndex((pin) => neighbourhoodOf(neighbourhoods, pin).size > 2);
  const positive = allPairs.positives[at];
  const asking = Uint32Array.from([...neighbourhoodOf(neighbourhoods, positive).keys()].slice(0, 2));
  const pairs = {
    queries: allPairs.queries.subarray(at, at + 1),
    positives: Uint32Array.of(positive),
    companions: { offsets: Int32Array.of(0, 2), pins: asking },
  };
  const batch = make({ pairs, dropPairNeighbours: true });
  const own = batch.layers.at(-1) as BatchLayer;
  const target = batch.positives[0];
  for (const pin of asking) expect([...rowOf(batch, own, target).keys()]).not.toContain(pin);
  for (const position of (batch.companions as NonNullable<MiniBatch['companions']>).positions)
    expect([...rowOf(batch, own, position).keys()]).not.toContain(positive);
});

describe('a minibatch', () => {
  const changes = fc.record({
    pairs: fc.tuple(fc.nat(allPairs.queries.length - 1), fc.integer({ min: 1, max: 30 })).map(([from, size]) => ({
      queries: allPairs.queries.subarray(from, from + size),
      positives: allPairs.positives.subarray(from, from + size),
    })),
    negatives: fc.nat(20),
    layers: fc.integer({ min: 1, max: 3 }),
    neighbourDropout: fc.constantFrom(0, 0.3, 1),
    dropPairNeighbours: fc.boolean(),
    index: fc.nat(100),
  });

  it('re-indexes: positions lead back to the pins, and no pin comes twice', () => {
    fc.assert(
      fc.property(changes, (changed) => {
        const batch = make(changed);
        const pinsAt = (positions: Int32Array): number[] => Array.from(positions, (position) => batch.nodes[position]);
        expect(pinsAt(batch.queries)).toEqual([...changed.pairs.queries]);
        expect(pinsAt(batch.positives)).toEqual([...changed.pairs.positives]);
        expect(batch.negatives.length).toBe(changed.negatives);
        expect(new Set(batch.nodes).size).toBe(batch.nodes.length);
        expect(batch.nodes.every((pin) => pin < pinCount)).toBe(true);
        const asked = new Set([...batch.queries, ...batch.positives, ...batch.negatives, ...batch.hardNegatives]);
        const last = batch.layers.at(-1) as BatchLayer;
        // The last layer's targets are the batch's own pins, no more and no fewer.
        expect([...asked].toSorted((a, b) => a - b)).toEqual(Array.from({ length: last.targets }, (_, i) => i));
      }),
      { numRuns: 150 },
    );
  });

  it("chains its layers: each layer's targets are the first rows of its sources, which the layer before makes", () => {
    fc.assert(
      fc.property(changes, (changed) => {
        const batch = make(changed);
        expect(batch.layers.length).toBe(changed.layers);
        expect(batch.layers[0].sources).toBe(batch.nodes.length);
        batch.layers.forEach((layer, i) => {
          expect(layer.targets).toBeLessThanOrEqual(layer.sources);
          if (i > 0) expect(layer.sources).toBe(batch.layers[i - 1].targets);
          expect(layer.indices.length).toBe(layer.targets * layer.neighbours);
          expect(layer.weights.length).toBe(layer.indices.length);
          expect(layer.indices.every((index) => index >= 0 && index < layer.sources)).toBe(true);
          // Every source is there for a reason: it is a target or somebody's neighbour.
          const read = new Set(layer.indices.filter((_, at) => layer.weights[at] > 0));
          for (let source = layer.targets; source < layer.sources; source++) expect(read.has(source)).toBe(true);
        });
      }),
      { numRuns: 150 },
    );
  });

  it("holds each target's importance neighbourhood, in every layer", () => {
    const batch = make({ layers: 3 });
    for (const layer of batch.layers)
      for (let target = 0; target < layer.targets; target++)
        expect(rowOf(batch, layer, target)).toEqual(neighbourhoodOf(neighbourhoods, batch.nodes[target]));
  });

  it('takes the pins of a pair out of each other, in every layer, and brings the rest back to a sum of 1', () => {
    const batch = make({ dropPairNeighbours: true });
    const { queries, positives } = task().pairs;
    const apart = new Set(
      Array.from(queries, (query, i) => [query, positives[i]]).flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]),
    );
    let dropped = 0;
    for (const layer of batch.layers)
      for (let target = 0; target < layer.targets; target++) {
        const pin = batch.nodes[target];
        const expected = [...neighbourhoodOf(neighbourhoods, pin)].filter(([other]) => !apart.has(`${pin} ${other}`));
        const sum = expected.reduce((total, [, weight]) => total + weight, 0);
        const row = rowOf(batch, layer, target);
        dropped += neighbourhoodOf(neighbourhoods, pin).size - row.size;
        expect([...row.keys()]).toEqual(expected.map(([other]) => other));
        for (const [other, weight] of expected) expect(row.get(other)).toBeCloseTo(weight / sum, 5);
      }
    expect(dropped).toBeGreaterThan(10);
  });

  it('leaves a row of zeros where the partner was the only neighbour', () => {
    const lone: Neighbourhoods = {
      size: 2,
      neighbours: Uint32Array.of(1, 0, 0, 0),
      weights: Float32Array.of(1, 0, 1, 0),
    };
    const batch = batchMaker(
      2,
      boardCount,
    )(
      task({
        pairs: { queries: Uint32Array.of(0), positives: Uint32Array.of(1) },
        neighbourhoods: lone,
        negatives: 0,
        dropPairNeighbours: true,
      }),
    );
    for (const layer of batch.layers) expect([...layer.weights]).toEqual([0, 0, 0, 0]);
  });

  it('drops all neighbours of about the stated share of its own pins, the same in all layers, and of no others', () => {
    let own = 0;
    let alone = 0;
    const connected = new Set(everyPin(topology).filter((pin) => neighbourhoodOf(neighbourhoods, pin).size > 0));
    for (let index = 0; index < 100; index++) {
      const batch = make({ index, neighbourDropout: 0.25 });
      const ownPins = (batch.layers.at(-1) as BatchLayer).targets;
      for (const layer of batch.layers)
        for (let target = 0; target < layer.targets; target++) {
          if (!connected.has(batch.nodes[target])) continue;
          const empty = rowOf(batch, layer, target).size === 0;
          if (target >= ownPins) expect(empty).toBe(false);
          else expect(empty).toBe(rowOf(batch, batch.layers[0], target).size === 0);
          if (layer !== batch.layers[0]) continue;
          if (target < ownPins) {
            own++;
            alone += Number(empty);
          }
        }
    }
    expect(own).toBeGreaterThan(1000);
    // Four standard deviations.
    expect(Math.abs(alone / own - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / own));
  });

  it('gives each query its own hard negatives, different where there are enough, and ordinary ones where none were mined', () => {
    const size = 6;
    const mined = { size, pins: new Uint32Array(pinCount * size), counts: new Uint32Array(pinCount) };
    for (let pin = 0; pin < pinCount; pin += 2) {
      mined.counts[pin] = size;
      for (let i = 0; i < size; i++) mined.pins[pin * size + i] = (pin + 10 + i) % pinCount;
    }
    const seen = new Set<number>();
    for (let index = 0; index < 20; index++) {
      const batch = make({ index, hardNegatives: 3, hardNegativePool: mined });
      expect(batch.hardNegatives.length).toBe(3 * batch.queries.length);
      task().pairs.queries.forEach((query, i) => {
        const hard = Array.from(batch.hardNegatives.subarray(3 * i, 3 * i + 3), (position) => batch.nodes[position]);
        if (query % 2 === 1) return;
        expect(new Set(hard).size).toBe(3);
        for (const pin of hard) {
          const place = (pin - query - 10 + 2 * pinCount) % pinCount;
          expect(place).toBeLessThan(size);
          seen.add(place);
        }
      });
    }
    expect(seen.size).toBe(size);
  });

  it('depends on seed, epoch and index alone, not on the batches made before', () => {
    const maker = batchMaker(pinCount, boardCount);
    const changed = { neighbourDropout: 0.3, index: 4 };
    const first = maker(task(changed));
    maker(task({ index: 9, layers: 3 }));
    expect(maker(task(changed))).toEqual(first);
    for (const other of [{ seed: 2 }, { epoch: 2 }, { index: 5 }])
      expect(maker(task({ ...changed, ...other })).negatives).not.toEqual(first.negatives);
  });

  it.each([[neighbourhoods], [withBoards]])('names each of its buffers once', (given) => {
    const buffers = batchBuffers(make({ neighbourhoods: given }));
    expect(new Set(buffers).size).toBe(buffers.length);
    expect(buffers.every((buffer) => buffer instanceof ArrayBuffer)).toBe(true);
  });
});

describe('the boards of a minibatch', () => {
  it('are those of its own pins, each once, as the neighbourhoods have them, and none of dropped pins', () => {
    const batch = make({ neighbourhoods: withBoards, neighbourDropout: 0.4 });
    const { nodes, neighbours, indices, weights } = batch.boards as BatchBoards;
    expect(new Set(nodes).size).toBe(nodes.length);
    const { targets } = batch.layers.at(-1) as BatchLayer;
    expect(weights).toHaveLength(targets * neighbours);
    let dropped = 0;
    for (let target = 0; target < targets; target++) {
      const row = new Map<number, number>();
      for (let i = target * neighbours; i < (target + 1) * neighbours; i++)
        if (weights[i] > 0) row.set(nodes[indices[i]], weights[i]);
      const layer = batch.layers.at(-1) as BatchLayer;
      if (row.size === 0 && rowOf(batch, layer, target).size === 0) dropped++;
      else expect(row).toEqual(neighbourhoodOf(withBoards.boards as Neighbourhoods, batch.nodes[target]));
    }
    expect(dropped).toBeGreaterThan(0);
    expect(dropped).toBeLessThan(targets);
  });

  it('leave the rest of the batch as it is, and are one at least', () => {
    const { boards, ...rest } = make({ neighbourhoods: withBoards, neighbourDropout: 1 });
    expect(rest).toEqual(make({ neighbourDropout: 1 }));
    expect(boards?.nodes).toEqual(Uint32Array.of(0));
    expect(boards?.weights.every((weight) => weight === 0)).toBe(true);
  });
});
