import { describe, expect, it } from 'vitest';
import { BoardwalkError } from '../../src/errors.js';
import { mineHardNegatives } from '../../src/sampling/hard-negatives.js';
import { allNeighbourhoods, importanceNeighbourhoods } from '../../src/sampling/importance-neighbourhoods.js';
import { type WalkPool, walkPool, walkPoolDefaults } from '../../src/sampling/pool.js';
import { typescriptKernel } from '../../src/sampling/typescript-kernel.js';
import { everyPin, randomTopology } from './small-graphs.js';

const topology = randomTopology(31, 3000, 900, 12);

async function withPool<T>(threads: number, use: (pool: WalkPool) => Promise<T>): Promise<T> {
  const pool = walkPool(topology, { threads });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error) => (error instanceof BoardwalkError ? error.code : error),
  );
}

describe('a walk pool', () => {
  it('gives the same neighbourhoods and hard negatives with 0, 1, 2 and 3 threads, bit for bit', async () => {
    const options = { neighbours: 10, steps: 50, restart: 0.4, seed: 5, epoch: 2 };
    const expected = typescriptKernel(topology).importancePool(everyPin(topology), options);
    const mined = [];
    for (const threads of [0, 1, 2, 3]) {
      const [walked, hard] = await withPool(threads, async (pool) => [
        await allNeighbourhoods(pool, options),
        await mineHardNegatives(pool, everyPin(topology).subarray(0, 300)),
      ]);
      expect(Buffer.from(walked.neighbours.buffer).equals(Buffer.from(expected.neighbours.buffer))).toBe(true);
      expect(Buffer.from(walked.weights.buffer).equals(Buffer.from(expected.weights.buffer))).toBe(true);
      expect(walked.neighbours.buffer).toBeInstanceOf(SharedArrayBuffer);
      mined.push(hard);
    }
    expect(mined[0].counts.some((count) => count > 0)).toBe(true);
    for (const other of mined.slice(1)) expect(other).toEqual(mined[0]);
  });

  it('can be closed while its threads still load, as often as one likes', async () => {
    for (let round = 0; round < 5; round++) await withPool(2, async () => {});
  });

  it('walks the given seeds in their order and reports progress up to the last', async () => {
    const seeds = everyPin(topology).filter((pin) => pin % 3 === 0);
    const shown: number[] = [];
    let finished = 0;
    const progress = {
      note() {},
      stage: (_: string, total?: number) => {
        expect(total).toBe(seeds.length);
        return { update: (done: number) => void shown.push(done), finish: () => void finished++ };
      },
    };
    const some = await withPool(2, (pool) => importanceNeighbourhoods(pool, seeds, { neighbours: 4 }, progress));
    const kernel = typescriptKernel(topology);
    expect(some.neighbours.length).toBe(seeds.length * 4);
    const last = kernel.importancePool(seeds.slice(-1), { neighbours: 4, steps: 200, restart: 0.5, seed: 1, epoch: 0 });
    expect(some.neighbours.slice(-4)).toEqual(last.neighbours);
    expect(shown.at(-1)).toBe(seeds.length);
    expect(finished).toBe(1);
  });

  it('refuses what cannot be walked, and names the field', async () => {
    const field = async (options: object): Promise<unknown> =>
      withPool(0, (pool) => importanceNeighbourhoods(pool, Uint32Array.of(0), options)).catch(
        (error: BoardwalkError) => [error.code, error.subject.field],
      );
    expect(await field({ neighbours: 0 })).toEqual(['bad_option', 'neighbours']);
    expect(await field({ steps: 0.5 })).toEqual(['bad_option', 'steps']);
    expect(await field({ steps: 2 ** 21 })).toEqual(['bad_option', 'steps']);
    expect(await field({ restart: 1.1 })).toEqual(['bad_option', 'restart']);
    expect(await field({ restart: Number.NaN })).toEqual(['bad_option', 'restart']);
    expect(await codeOf(withPool(0, (pool) => importanceNeighbourhoods(pool, Uint32Array.of(3000))))).toBe(
      'unknown_pin',
    );
    expect(() => walkPool(topology, { threads: -1 })).toThrow(/threads must be 0 or more, not -1/);
    expect(() => walkPool(topology, { threads: 1.5 })).toThrow(BoardwalkError);
  });

  it('has a thread for every core unless told otherwise', () => {
    expect(walkPoolDefaults().threads).toBeGreaterThanOrEqual(1);
  });

  it('rejects a task that fails and those behind it, with the cause, and does not hang', async () => {
    const pool = walkPool(topology, { threads: 1 });
    const broken = pool.run('importance', { seeds: undefined } as never);
    const behind = allNeighbourhoods(pool);
    await expect(broken).rejects.toThrow(/A walk thread failed: .*undefined/);
    expect(await codeOf(behind)).toBe('interrupted');
    expect(await codeOf(allNeighbourhoods(pool))).toBe('interrupted');
    await pool.close();
  });

  it('rejects what is unfinished when it is closed', async () => {
    const pool = walkPool(topology, { threads: 1 });
    const walking = codeOf(allNeighbourhoods(pool, { steps: 100_000 }));
    await pool.close();
    expect(await walking).toBe('interrupted');
    expect(await codeOf(allNeighbourhoods(pool))).toBe('interrupted');
  });
});
