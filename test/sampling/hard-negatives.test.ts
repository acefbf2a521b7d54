import { describe, expect, it } from 'vitest';
import { neighboursOf, type Topology } from '../../src/graph/graph.js';
import {
  type HardNegatives,
  hardNegativeBand,
  hardNegativeDefaults,
  type HardNegativeOptions,
  hardNegativesInEpoch,
  mineHardNegatives,
} from '../../src/sampling/hard-negatives.js';
import { pixieDefaults } from '../../src/sampling/kernel.js';
import { walkPool } from '../../src/sampling/pool.js';
import { typescriptKernel } from '../../src/sampling/typescript-kernel.js';
import { everyPin, randomTopology, topologyOf } from './small-graphs.js';

function mine(
  topology: Topology,
  options: Partial<HardNegativeOptions>,
  queries = everyPin(topology),
): Promise<HardNegatives> {
  return mineHardNegatives(walkPool(topology, { threads: 0 }), queries, options);
}

function rowOf({ size, pins, counts }: HardNegatives, query: number): number[] {
  return [...pins.subarray(query * size, query * size + counts[query])];
}

/** All other pins by where a walk with restarts is, by powers of its transitions. */
function rankedByPageRank({ pins, boards }: Topology, query: number, restart: number): number[] {
  const step = (from: Topology['pins'], chances: Float64Array, count: number): Float64Array => {
    const next = new Float64Array(count);
    chances.forEach((chance, node) => {
      const row = neighboursOf(from, node);
      for (const neighbour of row) next[neighbour] += chance / row.length;
    });
    return next;
  };
  const [pinCount, boardCount] = [pins.offsets.length - 1, boards.offsets.length - 1];
  let at: Float64Array = new Float64Array(pinCount);
  for (let round = 0; round < 60; round++) {
    const before = at.map((chance, pin) => (1 - restart) * chance + (pin === query ? restart : 0));
    at = step(boards, step(pins, before, boardCount), pinCount);
  }
  return [...at.keys()].filter((pin) => pin !== query).sort((a, b) => at[b] - at[a]);
}

describe('hard negatives', () => {
  const topology = randomTopology(41, 1000, 300, 8);
  const options = { size: 6, band: { from: 20, to: 80 }, steps: 2000, restart: 0.25, seed: 1 };

  it('share no board with the query, are not the query and differ from each other', async () => {
    const mined = await mine(topology, options);
    let found = 0;
    for (let query = 0; query < 1000; query++) {
      const row = rowOf(mined, query);
      expect(new Set(row).size).toBe(row.length);
      for (const pin of row) {
        expect(pin).not.toBe(query);
        const boards = neighboursOf(topology.pins, query);
        expect(neighboursOf(topology.pins, pin).filter((board) => boards.includes(board)).length).toBe(0);
      }
      found += row.length;
    }
    expect(found).toBeGreaterThan(1000);
  });

  it('have the counts of the band of visit ranks', async () => {
    const mined = await mine(topology, options, Uint32Array.of(3));
    const walk = { ...pixieDefaults, steps: 2000, restart: 0.25, seed: 1, stopVisits: 0, boost: false };
    const visited = typescriptKernel(topology).pixie(Uint32Array.of(3), Float32Array.of(1), 1000, walk);
    const row = rowOf(mined, 3);
    expect(row.length).toBe(6);
    for (const pin of row) {
      const count = visited.counts[visited.pins.indexOf(pin)];
      expect(count).toBeLessThanOrEqual(visited.counts[20]);
      expect(count).toBeGreaterThanOrEqual(visited.counts[79]);
    }
  });

  it('lie, most of them, at the ranks of exact personalised PageRank that the band names', async () => {
    const denser = randomTopology(7, 1000, 1500, 8);
    const { band, restart } = hardNegativeDefaults(1000);
    const queries = Uint32Array.of(400, 500, 600, 700, 800);
    const mined = await mine(denser, {}, queries);
    let inBand = 0;
    let all = 0;
    for (const query of queries) {
      const ranked = rankedByPageRank(denser, query, restart);
      const ranks = rowOf(mined, query).map((pin) => ranked.indexOf(pin));
      inBand += ranks.filter((rank) => rank >= band.from && rank < band.to).length;
      all += ranks.length;
    }
    expect(all).toBeGreaterThan(20);
    expect(inBand / all).toBeGreaterThan(0.5);
  });

  it('do not lean to low indices where counts are tied', async () => {
    // Every pin two boards away from pin 0 is alike, so the band's pins are a fair draw of them.
    const far = Array.from({ length: 400 }, (_, i) => i + 2);
    const star = topologyOf(402, [[0, 1], ...far.map((pin) => [1, pin])]);
    let sum = 0;
    for (let seed = 1; seed <= 160; seed++) {
      const row = rowOf(
        await mine(star, { size: 5, band: { from: 4, to: 12 }, steps: 300, seed }, Uint32Array.of(0)),
        0,
      );
      sum += row.reduce((total, pin) => total + pin, 0) / row.length / 160;
    }
    // The mean of 800 fair draws from 2 … 401 has a standard deviation of 4.
    expect(Math.abs(sum - 201.5)).toBeLessThan(16);
  });

  it('are none for a pin without boards, for one whose walk is too short, and for one not asked for', async () => {
    const tiny = topologyOf(5, [
      [0, 1],
      [1, 2],
    ]);
    const mined = await mine(tiny, { band: { from: 10, to: 20 } });
    expect([...mined.counts]).toEqual([0, 0, 0, 0, 0]);
    const some = await mine(topology, options, Uint32Array.of(3));
    expect(some.counts.filter((count) => count > 0).length).toBe(1);
  });

  it('have a band that grows with the catalogue up to the ranks of the paper', () => {
    expect(hardNegativeBand(1_000_000)).toEqual({ from: 2000, to: 5000 });
    expect(hardNegativeBand(25_000)).toEqual({ from: 250, to: 1000 });
    expect(hardNegativeBand(100)).toEqual({ from: 10, to: 20 });
    expect(hardNegativeDefaults(25_000).steps).toBeGreaterThan(1000);
  });

  it('refuse a band that goes down', async () => {
    await expect(mine(topology, { band: { from: 20, to: 20 } })).rejects.toThrow(/band must go up/);
  });

  it('come one more each epoch, from none, up to the cap', () => {
    expect([1, 2, 3, 8].map((epoch) => hardNegativesInEpoch(epoch, 6))).toEqual([0, 1, 2, 6]);
  });
});
