import { withDefaults } from '../with-defaults.js';
import { buildDefaults } from './build-options.js';
import { grown, opening, tryBuild } from './build-trial.js';
import type { EdgeKinds } from './edges-file.js';
import { topologyBytes } from './graph.js';
import type { GraphSize, NodeSize } from './graph-size.js';
import { columnBytes, foldingBytes, memoryBudget } from './memory-budget.js';

export interface BuildEstimate {
  build: {
    seconds: number;
    /** Seconds of all threads: what other work on the machine changes least. */
    cpuSeconds: number;
    /** Most memory that the process holds, in bytes. */
    memory: number;
    /** Most that lies on the disk meanwhile, in bytes, the graph included. */
    disk: number;
    /** Whether edges are sorted on the disk. */
    onDisk: boolean;
  };
  /** Bytes of the graph directory. */
  graph: number;
  open: { seconds: number; memory: number };
}

export interface EstimateOptions {
  memory: string;
  threads: number;
  /** Edges of the graph that is tried: some seconds' worth, more than the processor's caches hold. */
  sampleEdges: number;
}

export const estimateDefaults: EstimateOptions = {
  memory: buildDefaults.memory,
  threads: buildDefaults.threads,
  sampleEdges: 1_000_000,
};

/** Seconds that a program of ours takes to start, and the bytes of one that builds and of one that opens a graph. */
const startSeconds = 0.5;
const builderBytes = 130e6;
const openerBytes = 62e6;

type Quantity = 'edges' | 'pins' | 'boards' | 'nodes';

/**
 * What each stage of a build works on, and by how much more than in proportion its time grows, for its tables
 * outgrow the processor's caches: time ~ quantity^(1 + growth). Growths were fitted to builds of 1 M to 200 M
 * edges.
 */
const stages: Record<string, { of: Quantity; growth: number }> = {
  'reading edges': { of: 'edges', growth: 0 },
  'reading pins': { of: 'pins', growth: 0 },
  'reading boards': { of: 'boards', growth: 0 },
  'numbering pins and boards': { of: 'edges', growth: 0.15 },
  'sorting edges': { of: 'edges', growth: 0.1 },
  'dealing edges out by board': { of: 'edges', growth: 0.1 },
  'sorting the edges of boards': { of: 'edges', growth: 0 },
  'sorting the edges of pins': { of: 'edges', growth: 0 },
  'writing edges': { of: 'edges', growth: 0 },
  'writing pins and boards': { of: 'nodes', growth: 0 },
  [opening]: { of: 'edges', growth: -0.02 },
};

function quantityOf({ edges, pins, boards }: GraphSize, of: Quantity): number {
  return { edges, pins: pins.count, boards: boards.count, nodes: pins.count + boards.count }[of];
}

/** A graph of the same widths and proportions, small enough to try. */
function sampleOf(size: GraphSize, sampleEdges: number): GraphSize {
  const share = Math.min(1, sampleEdges / Math.max(1, size.edges));
  const part = (node: NodeSize): NodeSize => ({ ...node, count: Math.max(2, Math.round(share * node.count)) });
  return {
    ...size,
    edges: Math.max(2, Math.round(share * size.edges)),
    pins: part(size.pins),
    boards: part(size.boards),
  };
}

const kindsOf = ({ addedAt, weight, section }: GraphSize): EdgeKinds => ({
  addedAt,
  weight,
  sections: section ? ['any'] : [],
});

const rowBytes = ({ edges, pins, boards }: GraphSize): number => topologyBytes(pins.count, boards.count, edges);

const attributeBytes = ({ count, columns, idBytes, textBytes }: NodeSize): number =>
  count * (idBytes + textBytes + 4 * (columns + 1) + columns / 8);

/** An id as a string of the engine: its head and the bytes, in steps of 8, and a place in the list of all. */
const stringBytes = ({ count, idBytes }: NodeSize): number => count * (16 + 8 * Math.ceil(idBytes / 8) + 8);

/** What the process holds at most, fitted to builds of 1 M to 200 M edges. */
function heldBytes(size: GraphSize, limit: number, onDisk: boolean): number {
  const nodes = size.pins.count + size.boards.count;
  const wanted = 130e3 * nodes ** 0.6;
  // Past its limit, the database still holds what it is reading, and ours are the buffers between it and the files.
  if (onDisk) return builderBytes + Math.min(wanted, 1.15 * limit + 115e6);
  return builderBytes + Math.min(wanted, 150e6) + size.edges * (27 + 2 * columnBytes(kindsOf(size)));
}

/** What a build takes and what an opened graph takes, from a sample built on this machine and the counts. */
export async function estimateBuild(size: GraphSize, given: Partial<EstimateOptions> = {}): Promise<BuildEstimate> {
  const options = withDefaults(estimateDefaults, given);
  const budget = memoryBudget(options.memory);
  const kinds = kindsOf(size);
  const onDisk = size.edges * foldingBytes(kinds) > budget.folding;
  const sample = sampleOf(size, options.sampleEdges);
  const trials = await tryBuild(sample, onDisk, options);

  const build = { seconds: startSeconds, cpuSeconds: startSeconds };
  let open = { seconds: 0, cpuSeconds: 0 };
  for (const [stage, times] of trials) {
    const { of, growth } = stages[stage] ?? { of: 'edges', growth: 0 };
    const spent = grown(times, (quantityOf(size, of) / quantityOf(sample, of)) ** (1 + growth));
    if (stage === opening) open = spent;
    else {
      build.seconds += spent.seconds;
      build.cpuSeconds += spent.cpuSeconds;
    }
  }
  const graph =
    rowBytes(size) +
    2 * size.edges * columnBytes(kindsOf(size)) +
    attributeBytes(size.pins) +
    attributeBytes(size.boards);
  const record = 8 + columnBytes(kindsOf(size));
  const staged = 2 * (attributeBytes(size.pins) + attributeBytes(size.boards));
  const folded = rowBytes(size) + 2 * size.edges * columnBytes(kindsOf(size));
  return {
    build: {
      ...build,
      memory: heldBytes(size, budget.databaseBytes, onDisk),
      disk: staged + (onDisk ? Math.max(2 * record * size.edges + folded / 2, folded + graph) : graph),
      onDisk,
    },
    graph,
    open: {
      seconds: open.seconds,
      memory:
        openerBytes +
        rowBytes(size) +
        attributeBytes(size.pins) +
        attributeBytes(size.boards) +
        stringBytes(size.pins) +
        stringBytes(size.boards),
    },
  };
}
