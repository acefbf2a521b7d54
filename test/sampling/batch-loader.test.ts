import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BoardwalkError } from '../../src/errors.js';
import { type BatchLoaderOptions, batchLoader } from '../../src/sampling/batch-loader.js';
import { type HardNegatives, mineHardNegatives } from '../../src/sampling/hard-negatives.js';
import { allNeighbourhoods } from '../../src/sampling/importance-neighbourhoods.js';
import type { MiniBatch } from '../../src/sampling/minibatch.js';
import { type WalkPool, walkPool } from '../../src/sampling/pool.js';
import { everyPin, pairsOf, randomTopology } from './small-graphs.js';

const topology = randomTopology(61, 600, 200, 10);
const pairs = pairsOf(topology, 5);

async function options(pool: WalkPool, changes: Partial<BatchLoaderOptions> = {}): Promise<BatchLoaderOptions> {
  return {
    neighbourhoods: await allNeighbourhoods(pool, { neighbours: 8, steps: 60 }),
    pairs,
    epoch: 1,
    batchSize: 64,
    negatives: 30,
    hardNegatives: 0,
    layers: 2,
    neighbourDropout: 0.1,
    seed: 3,
    ...changes,
  };
}

async function collect(batches: AsyncIterable<MiniBatch>): Promise<MiniBatch[]> {
  const collected: MiniBatch[] = [];
  for await (const batch of batches) collected.push(batch);
  return collected;
}

describe('the batch loader', () => {
  it('gives the same batches in the same order with 0, 1, 2 and 3 threads', async () => {
    const runs = [];
    for (const threads of [0, 1, 2, 3]) {
      const pool = walkPool(topology, { threads });
      const hardNegativePool: HardNegatives = await mineHardNegatives(pool, everyPin(topology));
      const loader = batchLoader(pool, await options(pool, { hardNegatives: 2, hardNegativePool }));
      const batches = await collect(loader);
      expect(batches.length).toBe(loader.batches);
      runs.push(batches);
      await pool.close();
    }
    expect(runs[0].map((batch) => batch.index)).toEqual(runs[0].map((_, index) => index));
    for (const other of runs.slice(1)) expect(other).toEqual(runs[0]);
  });

  it('covers every pair once, in the given order, the rest in a last batch', async () => {
    const pool = walkPool(topology, { threads: 0 });
    const batches = await collect(batchLoader(pool, await options(pool)));
    const trained = batches.flatMap((batch) =>
      Array.from(batch.queries, (query, i) => [batch.nodes[query], batch.nodes[batch.positives[i]]]),
    );
    expect(trained).toEqual(Array.from(pairs.queries, (query, i) => [query, pairs.positives[i]]));
    expect(batches.at(-1)?.queries.length).toBe(pairs.queries.length % 64);
  });

  it('gives the same batches when iterated again, and others in another epoch', async () => {
    const pool = walkPool(topology, { threads: 1 });
    const settings = await options(pool);
    const loader = batchLoader(pool, settings);
    const first = await collect(loader);
    expect(await collect(loader)).toEqual(first);
    const [next] = await collect(batchLoader(pool, { ...settings, epoch: 2 }));
    expect(next.negatives).not.toEqual(first[0].negatives);
    await pool.close();
  });

  it('prepares a bounded number of batches ahead of a slow consumer', async () => {
    const pool = walkPool(topology, { threads: 0 });
    const settings = await options(pool, { ahead: 3, batchSize: 16 });
    let made = 0;
    const counting: WalkPool = {
      ...pool,
      run(name, task) {
        if (name === 'batch') made++;
        return pool.run(name, task);
      },
    };
    let taken = 0;
    for await (const batch of batchLoader(counting, settings)) {
      expect(batch.index).toBe(taken++);
      await setTimeout(2);
      expect(made).toBe(Math.min(taken + 3, Math.ceil(pairs.queries.length / 16)));
    }
  });

  it('stops preparing when the consumer leaves', async () => {
    const pool = walkPool(topology, { threads: 2 });
    for await (const batch of batchLoader(pool, await options(pool, { batchSize: 8 }))) if (batch.index === 2) break;
    await pool.close();
  });

  it('tells how long the consumer waited', async () => {
    const pool = walkPool(topology, { threads: 1 });
    const loader = batchLoader(pool, await options(pool));
    expect(loader.waitedMilliseconds).toBe(0);
    const started = performance.now();
    await collect(loader);
    expect(loader.waitedMilliseconds).toBeGreaterThan(0);
    expect(loader.waitedMilliseconds).toBeLessThanOrEqual(performance.now() - started);
    await pool.close();
  });

  it('hands a failure to the consumer', async () => {
    const pool = walkPool(topology, { threads: 1 });
    const settings = await options(pool);
    await pool.close();
    await expect(collect(batchLoader(pool, settings))).rejects.toThrow(BoardwalkError);
  });

  it('refuses settings that do not fit, and names the field', async () => {
    const pool = walkPool(topology, { threads: 0 });
    const good = await options(pool);
    const fieldOf = (changes: Partial<BatchLoaderOptions>): unknown => {
      try {
        batchLoader(pool, { ...good, ...changes });
        return 'accepted';
      } catch (error) {
        return (error as BoardwalkError).subject.field;
      }
    };
    expect(fieldOf({})).toBe('accepted');
    expect(fieldOf({ batchSize: 0 })).toBe('batchSize');
    expect(fieldOf({ layers: -1 })).toBe('layers');
    expect(fieldOf({ ahead: 0 })).toBe('ahead');
    expect(fieldOf({ negatives: -1 })).toBe('negatives');
    expect(fieldOf({ neighbourDropout: 2 })).toBe('neighbourDropout');
    expect(fieldOf({ hardNegatives: 1 })).toBe('hardNegativePool');
    expect(fieldOf({ pairs: { ...pairs, queries: new Uint32Array(1) } })).toBe('pairs');
    const some = { size: 8, neighbours: new Uint32Array(8), weights: new Float32Array(8) };
    expect(fieldOf({ neighbourhoods: some })).toBe('neighbourhoods');
  });
});
