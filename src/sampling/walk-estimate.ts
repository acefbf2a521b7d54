import { availableParallelism } from 'node:os';
import { adjacencyBytes } from '../graph/adjacency.js';
import { type Adjacency, type Topology, topologyBytes } from '../graph/graph.js';
import { SharedMemory } from '../graph/shared-memory.js';
import { random } from '../random.js';
import { importanceNeighbourhoods } from './importance-neighbourhoods.js';
import { walkPool } from './pool.js';

export interface WalkEstimate {
  /** Bytes that all threads share. */
  memory: number;
  threads: number;
  /** Importance neighbourhoods a second, at their defaults. */
  seedsPerSecond: number;
  /** Seconds for the neighbourhoods of every pin. */
  secondsForAllPins: number;
}

/** Most edges that are tried: past them, nearly every read misses the processor's caches already. */
const mostEdges = 32_000_000;
/** Rates then fall by this power of the edges, as pages are missed too; fitted to a walk over 189 M edges. */
const slowing = 0.24;
/** The i-th most met of n is met as n · u^skew for uniform u. */
const skew = 2;
const insideTopic = 0.8;
const pinsInTopic = 2500;
/** A prime: it takes ranks all over the indices. */
const scatter = 7_368_787;

const seedsPerRound = 2048;
const rounds = 5;

/**
 * Rows of equal length whose neighbours are skewed, and mostly of the row's own topic, as saves are: what one
 * walk has read, the next may find in a cache.
 */
function randomRows(shared: SharedMemory, rows: number, edges: number, others: number, topics: number): Adjacency {
  const offsets = shared.uint32(rows + 1);
  const neighbours = shared.uint32(edges);
  const source = random(rows, edges);
  const inTopic = Math.max(1, Math.floor(others / topics));
  for (let row = 0; row < rows; row++) {
    offsets[row + 1] = Math.floor(((row + 1) * edges) / rows);
    for (let edge = offsets[row]; edge < offsets[row + 1]; edge++) {
      const rank = source.float() ** skew;
      const inside = source.float() < insideTopic;
      neighbours[edge] = inside
        ? Math.min(others - 1, Math.floor(inTopic * rank) * topics + (row % topics))
        : (Math.floor(others * rank) * scatter) % others;
    }
  }
  return { offsets, neighbours };
}

function randomTopology(edges: number, pins: number, boards: number): Topology {
  const shared = new SharedMemory(adjacencyBytes(pins, edges) + adjacencyBytes(boards, edges));
  const topics = Math.max(1, Math.floor(pins / pinsInTopic));
  const topology = {
    pins: randomRows(shared, pins, edges, boards, topics),
    boards: randomRows(shared, boards, edges, pins, topics),
  };
  return { ...topology, memory: shared.memory };
}

/** How fast this machine walks a graph of so many edges, pins and boards, tried on random rows of that size. */
export async function estimateWalks(edges: number, pins: number, boards: number): Promise<WalkEstimate> {
  const share = Math.min(1, mostEdges / Math.max(1, edges));
  const part = (count: number): number => Math.max(1, Math.round(share * count));
  const topology = randomTopology(part(edges), part(pins), part(boards));
  const threads = availableParallelism();
  const pool = walkPool(topology, { threads: 0 });
  const source = random(3);
  let seconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= rounds; round++) {
    const seeds = Uint32Array.from({ length: seedsPerRound }, () => source.below(part(pins)));
    const before = process.cpuUsage();
    await importanceNeighbourhoods(pool, seeds);
    const { user, system } = process.cpuUsage(before);
    // The first round compiles. The processor's time, unlike the clock's, leaves out what others do meanwhile.
    if (round > 0) seconds = Math.min(seconds, (user + system) / 1e6);
  }
  await pool.close();
  const seedsPerSecond = (share ** slowing * threads * seedsPerRound) / seconds;
  return {
    memory: topologyBytes(pins, boards, edges),
    threads,
    seedsPerSecond,
    secondsForAllPins: pins / seedsPerSecond,
  };
}
