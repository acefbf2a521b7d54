import { rowCount, rowLength, type WalkedGraph } from '../graph/walk-rows.js';
import { streamOf } from '../random.js';
import type { ImportancePoolingOptions, Neighbourhoods, PixieOptions, VisitCounts, WalkKernel } from './kernel.js';
import { stepShares } from './step-shares.js';
import type { WalkEngine, WalkRules } from './walk-engine.js';

/** Keeps the streams of Pixie walks apart from those of importance pooling. */
const pixieStreams = 0x7061;

/** A Pixie walk goes on in this many lanes at most, … */
const pixieLanes = 64;

/** … each of at least this many steps, for each begins at the query pin. */
const laneSteps = 16;

/** Steps of a lane between two looks at what was counted: visits that stay in the nearest cache. */
const stepsAtOnce = 16;

function lanesFor(steps: number): number {
  return Math.max(4, Math.min(pixieLanes, 4 * Math.floor(steps / (4 * laneSteps))));
}

/** Importance pooling and Pixie on an engine's inner loops. */
export function walkKernel(graph: WalkedGraph, engine: WalkEngine): WalkKernel {
  const { pins } = graph;
  const shares = stepShares(pins);
  const rowOf = new Int32Array(engine.lanes);

  function importancePool(
    seeds: Uint32Array,
    options: ImportancePoolingOptions,
    into: Neighbourhoods = {
      size: options.neighbours,
      neighbours: new Uint32Array(seeds.length * options.neighbours),
      weights: new Float32Array(seeds.length * options.neighbours),
    },
  ): Neighbourhoods {
    const { steps, restart, seed, epoch } = options;
    engine.reserve({ lanes: engine.lanes, steps, visits: steps, totalVisits: 0 });
    engine.heed(undefined);
    let lanes = 0;
    const walkLanes = (): void => {
      engine.advance(lanes, steps, restart);
      engine.pool(lanes, steps, into, rowOf);
      lanes = 0;
    };
    for (let row = 0; row < seeds.length; row++) {
      const pin = seeds[row];
      if (rowLength(pins, pin) === 0) continue;
      engine.place(lanes, pin, streamOf(seed, epoch, pin));
      rowOf[lanes++] = row;
      if (lanes === engine.lanes) walkLanes();
    }
    if (lanes > 0) walkLanes();
    return into;
  }

  /** Counts the visits of one query pin's walk and returns its steps (Pixie, algorithm 2). */
  function walkFrom(pin: number, steps: number, { restart, stopPins, stopVisits, seed }: PixieOptions): number {
    const lanes = lanesFor(steps);
    for (let lane = 0; lane < lanes; lane++) engine.place(lane, pin, streamOf(pixieStreams, seed, pin, lane));
    let wanted = stopPins;
    let walked = 0;
    while (walked < steps && wanted > 0) {
      const atOnce = Math.min(stepsAtOnce, Math.ceil((steps - walked) / lanes));
      engine.advance(lanes, atOnce, restart);
      const now = engine.count(lanes, Math.min(lanes * atOnce, steps - walked), pin, stopVisits, wanted);
      walked += now.counted;
      wanted = now.wanted;
    }
    return walked;
  }

  function rulesOf({ bias, avoidBoards }: PixieOptions): WalkRules | undefined {
    const biased = bias !== undefined && bias.strength > 0;
    const fenced = avoidBoards !== undefined && avoidBoards.length > 0;
    if (!biased && !fenced) return undefined;
    const avoided = fenced ? new Uint8Array(rowCount(graph.boards)) : undefined;
    for (const board of avoidBoards ?? []) if (avoided) avoided[board] = 1;
    return { bias: biased ? bias : undefined, avoided };
  }

  function pixie(query: Uint32Array, weights: Float32Array, limit: number, options: PixieOptions): VisitCounts {
    const stepsOf = shares(query, weights, options.steps);
    // One pin's boosted count is its count.
    const rooted = options.boost && query.length > 1;
    const most = stepsOf.reduce((longest, steps) => Math.max(longest, steps), 0);
    engine.reserve({
      lanes: pixieLanes,
      steps: stepsAtOnce,
      visits: most,
      totalVisits: stepsOf.reduce((sum, share) => sum + share, 0),
    });
    engine.heed(rulesOf(options));
    let steps = 0;
    for (let q = 0; q < query.length; q++) {
      if (stepsOf[q] === 0) continue;
      steps += walkFrom(query[q], stepsOf[q], options);
      engine.settle(rooted);
    }
    const hidden = new Set([...query, ...(options.avoidPins ?? [])]);
    const { pins: ranked, counts } = engine.ranked(limit + hidden.size, rooted);
    return { ...without(hidden, ranked, counts, limit), steps };
  }

  return { name: engine.name, importancePool, pixie };
}

/** The first `limit` of a ranking's pins that are not hidden; in place. */
function without(
  hidden: ReadonlySet<number>,
  pins: Uint32Array,
  counts: Float32Array,
  limit: number,
): Pick<VisitCounts, 'pins' | 'counts'> {
  let kept = 0;
  for (let i = 0; i < pins.length && kept < limit; i++) {
    if (hidden.has(pins[i])) continue;
    pins[kept] = pins[i];
    counts[kept++] = counts[i];
  }
  return { pins: pins.subarray(0, kept), counts: counts.subarray(0, kept) };
}
