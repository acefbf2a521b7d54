import { isLive, rowCount, type WalkedGraph } from '../graph/walk-rows.js';
import { boosted, rankRoots } from './rank-roots.js';
import type { WalkEngine, WalkRules } from './walk-engine.js';
import { giveBackScratch, type ScratchRegion, takeScratch } from './walk-scratch.js';
import { drawThreshold } from './walk-steps.js';
import { walkExports } from './wasm-module.js';
import { WasmVisitTable } from './wasm-visit-table.js';

/** Lanes of importance pooling. Measured: 32, 64 and 128 give 124, 129 and 135 k seeds/s. */
const poolLanes = 128;

/** Four lanes go side by side, so memory is laid out for a multiple of them. */
const together = 4;

const widthOf = (lanes: number): number => Math.ceil(lanes / together) * together;

/** The regions of an engine that nobody holds any more serve the next one. */
const abandoned = new FinalizationRegistry<{ memory: WebAssembly.Memory; regions: ScratchRegion[] }>(
  ({ memory, regions }) => giveBackScratch(memory, regions),
);

/** The walks' inner loops in WebAssembly with SIMD, over a graph that lies in its memory. */
export function wasmEngine(graph: WalkedGraph, memory: WebAssembly.Memory): WalkEngine {
  const exports = walkExports(memory);
  const live = isLive(graph);
  const pinCount = rowCount(graph.pins);
  const sides = [graph.pins, graph.boards].flatMap((side) => [
    'rows' in side ? side.rows.byteOffset : side.offsets.byteOffset,
    side.neighbours.byteOffset,
  ]) as [number, number, number, number];
  exports.walkOver(...sides);

  const regions: ScratchRegion[] = [];
  let cells = new Uint32Array(memory.buffer);
  const take = (bytes: number): number => {
    const region = takeScratch(memory, bytes);
    regions.push(region);
    cells = new Uint32Array(memory.buffer);
    return region.at;
  };

  /** Addresses of the lanes' memory, and its size in lanes and in u32 of rows. */
  const lanes = { count: 0, homes: 0, states: 0, rowCells: 0, rows: 0 };
  let visits = new WasmVisitTable(exports, 0, 0, take);
  let totals = new WasmVisitTable(exports, 0, 0, take);
  /** Where a ranking is written before it is copied out. */
  const out = { limit: 0, pins: 0, counts: 0 };
  let rules: WalkRules | undefined;
  let standing = 0;

  function reserveLanes(count: number, rowCells: number): void {
    if (lanes.count < count) {
      const bytes = 4 * count;
      const at = take(5 * bytes);
      Object.assign(lanes, { count, homes: at, states: at + bytes });
      exports.walkIn(at, at + bytes, at + 2 * bytes, at + 4 * bytes);
    }
    if (lanes.rowCells < rowCells) Object.assign(lanes, { rowCells, rows: take(4 * rowCells) });
  }

  function reserveRanking(limit: number): void {
    if (out.limit >= limit) return;
    const pins = take(8 * limit);
    Object.assign(out, { limit, pins, counts: pins + 4 * limit });
  }

  function grown(table: WasmVisitTable, most: number): WasmVisitTable {
    const capacity = Math.min(most, pinCount);
    return table.holds(capacity, most) ? table : new WasmVisitTable(exports, capacity, most, take);
  }

  /** Copies marks into this memory; 0 where there are none. */
  function marksAt(marks: Uint8Array | undefined): number {
    if (!marks) return 0;
    const region = takeScratch(memory, marks.length);
    markRegions.push(region);
    new Uint8Array(memory.buffer, region.at, marks.length).set(marks);
    return region.at;
  }
  const markRegions: ScratchRegion[] = [];

  const engine: WalkEngine = {
    name: 'wasm',
    lanes: poolLanes,
    reserve(needs) {
      const count = widthOf(needs.lanes);
      reserveLanes(count, count * (needs.steps + 1));
      visits = grown(visits, needs.visits);
      totals = grown(totals, needs.totalVisits);
    },
    place(lane, pin, stream) {
      standing = 0;
      cells[lanes.homes / 4 + lane] = pin;
      cells[lanes.states / 4 + lane] = stream;
      cells[lanes.rows / 4 + lane] = pin;
    },
    heed(given) {
      if (rules === given) return;
      rules = given;
      giveBackScratch(memory, markRegions.splice(0));
      if (!given) return;
      const { bias, avoided } = given;
      const { boards = { from: 0, to: 0 }, pins = { from: 0, to: 0 } } = bias?.ranges ?? {};
      exports.heed(
        drawThreshold(bias?.strength ?? 0),
        boards.from,
        boards.to,
        pins.from,
        pins.to,
        marksAt(bias?.marks?.boards),
        marksAt(bias?.marks?.pins),
        marksAt(avoided),
      );
      cells = new Uint32Array(memory.buffer);
    },
    advance(count, steps, restart) {
      const width = widthOf(count);
      const first = lanes.rows / 4;
      cells.copyWithin(first, first + standing, first + standing + width);
      // Lanes that only fill up the last four stand where the first one does.
      for (let lane = count; lane < width; lane++) engine.place(lane, cells[lanes.homes / 4], 1);
      standing = steps * width;
      const threshold = drawThreshold(restart);
      if (rules) exports.advanceBiased(lanes.rows, steps, 4 * width, threshold, Number(live));
      else if (live) exports.advanceLive(lanes.rows, steps, 4 * width, threshold);
      else exports.advanceBuilt(lanes.rows, steps, 4 * width, threshold);
    },
    pool(count, steps, { size, neighbours, weights }, rowOf) {
      reserveRanking(count * size);
      const width = widthOf(count);
      visits.pool(lanes.rows + 4 * width, steps, 4 * width, count, lanes.homes, size, out.pins, out.counts);
      const pooled = cells.subarray(out.pins / 4, out.pins / 4 + count * size);
      const shares = new Float32Array(memory.buffer, out.counts, count * size);
      // Rows follow each other but where a seed has no board.
      for (let lane = 0; lane < count;) {
        const first = lane;
        do lane++;
        while (lane < count && rowOf[lane] === rowOf[lane - 1] + 1);
        neighbours.set(pooled.subarray(first * size, lane * size), rowOf[first] * size);
        weights.set(shares.subarray(first * size, lane * size), rowOf[first] * size);
      }
    },
    count(count, most, skip, stopVisits, wanted) {
      return visits.countUntil(lanes.rows + 4 * widthOf(count), most, skip, stopVisits, wanted);
    },
    settle(rooted) {
      if (totals.size === 0 && !rooted && visits.holds(totals.capacity, totals.mostVisits))
        [visits, totals] = [totals, visits];
      else visits.moveTo(totals, rooted);
    },
    ranked(limit, rooted) {
      const kept = Math.min(limit, totals.size);
      if (rooted) return rankedRoots(kept);
      reserveRanking(kept);
      totals.drain(-1, kept, out.pins, out.counts);
      return {
        pins: cells.slice(out.pins / 4, out.pins / 4 + kept),
        counts: new Float32Array(memory.buffer, out.counts, kept).slice(),
      };
    },
  };

  function rankedRoots(kept: number): { pins: Uint32Array; counts: Float32Array } {
    const slots = cells.slice(totals.used / 4, totals.used / 4 + totals.size);
    const sums = slots.map((at) => cells[at / 4 + 1]);
    const order = rankRoots(sums, kept);
    const pins = order.map((index) => cells[slots[index] / 4]);
    const counts = Float32Array.from(order, (index) => boosted(sums[index]));
    totals.clear();
    return { pins, counts };
  }

  abandoned.register(engine, { memory, regions });
  return engine;
}
