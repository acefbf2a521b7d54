import { degree, type Topology } from '../graph/graph.js';
import { streamOf } from '../random.js';
import type { ImportancePoolingOptions, Neighbourhoods, PixieOptions, VisitCounts, WalkKernel } from './kernel.js';
import { stepShares } from './step-shares.js';
import { type RankedVisits, rankVisits, TopVisits } from './top-visits.js';
import { VisitTable } from './visit-table.js';
import { laneCount, walkers } from './walkers.js';

/** Keeps the streams of Pixie walks apart from those of importance pooling. */
const pixieStreams = 0x7061;

/** The walk kernel in plain TypeScript over the graph's own typed arrays: nothing to compile, nothing copied. */
export function typescriptKernel(topology: Topology): WalkKernel {
  const { pins } = topology;
  const pinCount = pins.offsets.length - 1;
  const shares = stepShares(pins);
  const lanesOf = walkers(topology);
  const rows = new Int32Array(laneCount);
  let tables: VisitTable[] = [];
  let top = new TopVisits(0);
  // A Pixie walk's own counts, and the sums over the query pins.
  let visits = new VisitTable(0);
  let totals = new VisitTable(0);

  /** Walks the first lanes from their homes to the end and writes their rows. */
  function poolLanes(lanes: number, { steps, restart }: ImportancePoolingOptions, into: Neighbourhoods): void {
    const { at, home } = lanesOf;
    for (let step = 0; step < steps; step++) {
      lanesOf.step(lanes, restart);
      for (let lane = 0; lane < lanes; lane++) if (at[lane] !== home[lane]) tables[lane].add(at[lane], 1);
    }
    const { size, neighbours, weights } = into;
    for (let lane = 0; lane < lanes; lane++) {
      const first = rows[lane] * size;
      const end = first + top.select(tables[lane], size, neighbours, weights, first);
      tables[lane].clear();
      let sum = 0;
      for (let i = first; i < end; i++) sum += weights[i];
      for (let i = first; i < end; i++) weights[i] /= sum;
    }
  }

  function importancePool(
    seeds: Uint32Array,
    options: ImportancePoolingOptions,
    into: Neighbourhoods = {
      size: options.neighbours,
      neighbours: new Uint32Array(seeds.length * options.neighbours),
      weights: new Float32Array(seeds.length * options.neighbours),
    },
  ): Neighbourhoods {
    const capacity = Math.min(options.steps, pinCount);
    if (tables.length === 0 || tables[0].capacity < capacity)
      tables = Array.from({ length: laneCount }, () => new VisitTable(capacity));
    if (top.capacity < capacity) top = new TopVisits(capacity);
    let lanes = 0;
    for (let row = 0; row < seeds.length; row++) {
      const pin = seeds[row];
      if (degree(pins, pin) === 0) continue;
      lanesOf.place(lanes, pin, streamOf(options.seed, options.epoch, pin));
      rows[lanes++] = row;
      if (lanes < laneCount) continue;
      poolLanes(lanes, options, into);
      lanes = 0;
    }
    poolLanes(lanes, options, into);
    return into;
  }

  /** Counts the visits of one query pin's walk and returns its steps (Pixie, algorithm 2). */
  function walkFrom(pin: number, steps: number, { restart, stopPins, stopVisits, seed }: PixieOptions): number {
    const { at } = lanesOf;
    for (let lane = 0; lane < laneCount; lane++) lanesOf.place(lane, pin, streamOf(pixieStreams, seed, pin, lane));
    const enough = stopVisits > 0 ? stopPins : Infinity;
    let wellVisited = 0;
    let walked = 0;
    while (walked < steps && wellVisited < enough) {
      const lanes = Math.min(laneCount, steps - walked);
      lanesOf.step(lanes, restart);
      for (let lane = 0; lane < lanes; lane++) {
        if (at[lane] !== pin && visits.add(at[lane], 1) === stopVisits) wellVisited++;
      }
      walked += lanes;
    }
    return walked;
  }

  /** Adds one query pin's counts to the sums, without the pins that ask. */
  function addVisits(boost: boolean, asking: ReadonlySet<number>): void {
    for (let i = 0; i < visits.size; i++) {
      const slot = visits.used[i];
      const pin = visits.pins[slot];
      const count = visits.counts[slot];
      if (!asking.has(pin)) totals.add(pin, boost ? Math.sqrt(count) : count);
    }
  }

  /** The multi-hit booster, (Σ_q √V_q)²; in single precision, so that pins whose results are equal are ties. */
  function rankBoosted(limit: number): RankedVisits {
    const { used, counts, size } = totals;
    for (let i = 0; i < size; i++) counts[used[i]] = Math.fround(counts[used[i]] ** 2);
    return rankVisits(totals, limit);
  }

  function pixie(query: Uint32Array, weights: Float32Array, limit: number, options: PixieOptions): VisitCounts {
    const stepsOf = shares(query, weights, options.steps);
    // One pin's boosted count is its count, so the exact ranking of whole counts serves.
    const boost = options.boost && query.length > 1;
    reserve(
      Math.max(0, ...stepsOf),
      stepsOf.reduce((sum, share) => sum + share, 0),
    );
    const asking = new Set(query);
    let steps = 0;
    for (let q = 0; q < query.length; q++) {
      if (stepsOf[q] === 0) continue;
      steps += walkFrom(query[q], stepsOf[q], options);
      addVisits(boost, asking);
      visits.clear();
    }
    const ranked = boost ? rankBoosted(limit) : top.ranked(totals, limit);
    totals.clear();
    return { ...ranked, steps };
  }

  /** Room for the longest of a query's walks, and for all of them together. */
  function reserve(longest: number, all: number): void {
    if (visits.capacity < Math.min(longest, pinCount)) visits = new VisitTable(Math.min(longest, pinCount));
    if (totals.capacity >= Math.min(all, pinCount)) return;
    totals = new VisitTable(Math.min(all, pinCount));
    if (top.capacity < totals.capacity) top = new TopVisits(totals.capacity);
  }

  return { name: 'typescript', importancePool, pixie };
}
