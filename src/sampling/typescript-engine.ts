import { isLive, rowCount, type WalkedGraph } from '../graph/walk-rows.js';
import { biasedStep } from './biased-step.js';
import { boosted, rankRoots, rootOf } from './rank-roots.js';
import { VisitTable } from './visit-table.js';
import type { WalkEngine, WalkRules } from './walk-engine.js';
import { builtStep, liveStep, drawThreshold, type Step, type StepLanes } from './walk-steps.js';

/** Lanes of importance pooling. Measured, in ns a step: 32 take 47, 64 take 41, and 128 no less. */
const poolLanes = 64;

/** Cells that the lanes' rows have room for from the start: importance pooling at its defaults, and Pixie. */
const usualCells = poolLanes * 256;

/** The walks' inner loops in plain TypeScript over the graph's own typed arrays: nothing to compile, nothing copied. */
export function typescriptEngine(graph: WalkedGraph): WalkEngine {
  const pinCount = rowCount(graph.pins);
  let at = stepLanes(poolLanes, usualCells);
  // The row where the lanes stand after an advance.
  let standing = 0;
  let rules: WalkRules | undefined;
  // Made anew as rarely as can be: while a thread has made one such function, its arrays are constants to the
  // compiler, and a step takes half the time.
  let plainStep = plainStepOver(graph, at);
  let step = plainStep;
  let visits = new VisitTable(0, 0);
  let totals = new VisitTable(0, 0);

  function grown(table: VisitTable, most: number): VisitTable {
    const capacity = Math.min(most, pinCount);
    return table.holds(capacity, most) ? table : new VisitTable(capacity, most);
  }

  return {
    name: 'typescript',
    lanes: poolLanes,
    reserve({ lanes, steps, visits: most, totalVisits }) {
      visits = grown(visits, most);
      totals = grown(totals, totalVisits);
      const width = Math.max(lanes, at.home.length);
      const cells = Math.max(lanes * (steps + 1), at.rows.length);
      if (at.rows.length === cells && at.home.length === width) return;
      at = stepLanes(width, cells);
      plainStep = plainStepOver(graph, at);
      step = rules ? biasedStep(graph, at, rules) : plainStep;
    },
    place(lane, pin, stream) {
      standing = 0;
      at.home[lane] = pin;
      at.rows[lane] = pin;
      at.state[lane] = stream;
    },
    heed(given) {
      if (rules === given) return;
      rules = given;
      step = rules ? biasedStep(graph, at, rules) : plainStep;
    },
    advance(lanes, steps, restart) {
      at.rows.copyWithin(0, standing, standing + lanes);
      standing = steps * lanes;
      const threshold = drawThreshold(restart);
      for (let from = 0; from < standing; from += lanes) step(lanes, threshold, from);
    },
    pool(lanes, steps, { size, neighbours, weights }, rowOf) {
      const { rows, home } = at;
      for (let lane = 0; lane < lanes; lane++) {
        for (let i = lanes + lane; i < lanes * (steps + 1); i += lanes) visits.add(rows[i], 1);
        const first = rowOf[lane] * size;
        const end = first + visits.drain(home[lane], size, neighbours, weights, first);
        let sum = 0;
        for (let i = first; i < end; i++) sum += weights[i];
        for (let i = first; i < end; i++) weights[i] /= sum;
      }
    },
    count(lanes, most, skip, stopVisits, wanted) {
      const { rows } = at;
      let missing = wanted;
      let counted = 0;
      while (counted < most && missing > 0) {
        const pin = rows[lanes + counted++];
        if (visits.add(pin, 1) === stopVisits && pin !== skip) missing--;
      }
      return { counted, wanted: missing };
    },
    settle(rooted) {
      if (totals.size === 0 && !rooted && visits.holds(totals.capacity, totals.mostVisits)) {
        [visits, totals] = [totals, visits];
        return;
      }
      for (let i = 0; i < visits.size; i++) {
        const slot = 2 * visits.used[i];
        const count = visits.slots[slot + 1];
        totals.add(visits.slots[slot], rooted ? rootOf(count) : count);
      }
      visits.clear();
    },
    ranked(limit, rooted) {
      const kept = Math.min(limit, totals.size);
      const pins = new Uint32Array(kept);
      const counts = new Float32Array(kept);
      if (!rooted) {
        totals.drain(-1, kept, pins, counts, 0);
        return { pins, counts };
      }
      const used = totals.used.subarray(0, totals.size);
      const sums = Uint32Array.from(used, (slot) => totals.slots[2 * slot + 1]);
      rankRoots(sums, kept).forEach((index, place) => {
        pins[place] = totals.slots[2 * used[index]];
        counts[place] = boosted(sums[index]);
      });
      totals.clear();
      return { pins, counts };
    },
  };
}

function stepLanes(lanes: number, cells: number): StepLanes {
  return { home: new Int32Array(lanes), state: new Int32Array(lanes), rows: new Int32Array(cells) };
}

function plainStepOver(graph: WalkedGraph, at: StepLanes): Step {
  return isLive(graph) ? liveStep(graph, at) : builtStep(graph, at);
}
