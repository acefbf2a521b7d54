import { availableParallelism } from 'node:os';
import { foreseeMemory } from '../data/available-memory.js';
import { degree, type Side, type Topology } from '../graph/graph.js';
import { roundUp } from '../linear/dense-matrix.js';
import { symmetricEigen } from '../linear/symmetric-eigen.js';
import { type Progress, silentProgress } from '../progress.js';
import { random } from '../random.js';
import { sharedFloat32, sharedFloat64, topologyInShared } from '../sampling/shared-arrays.js';
import { performers } from '../threads.js';
import { withDefaults } from '../with-defaults.js';
import {
  type IalsMemory,
  type IalsOptions,
  type IalsSteps,
  ialsSteps,
  type IalsTask,
  type SideFactors,
} from './ials-steps.js';

/** What iALS learns of pins. A board needs nothing kept: it is folded in from its pins. */
export interface IalsFactors {
  readonly dimension: number;
  /** [dimension], descending: the diagonal of the factors' Gram matrix, which has no other entries. */
  readonly spectrum: Float64Array;
  /** [pins, dimension], in shared memory. */
  readonly values: Float32Array;
}

export const ialsDefaults: IalsOptions = {
  factors: 512,
  unobserved: 0.01,
  regularisation: 0.003,
  exponent: 1,
  epochs: 8,
  deviation: 0.1,
  seed: 1,
};

export interface FitIalsOptions {
  /** Threads that solve rows; a small graph is done without. The factors do not depend on how many there are. */
  threads: number;
  progress: Progress;
}

/**
 * Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren and Volinsky, ICDM 2008),
 * every row solved exactly. Each half of an epoch turns the fixed side to the axes of its Gram matrix, where
 * what the unobserved pairs cost is diagonal.
 */
export async function fitIalsFactors(
  topology: Topology,
  options: Partial<IalsOptions> = {},
  { threads = availableParallelism(), progress = silentProgress }: Partial<FitIalsOptions> = {},
): Promise<IalsFactors> {
  const memory = ialsMemory(topology, withDefaults(ialsDefaults, options));
  const { factors, settings, sides } = memory;
  const nodes = { pins: sides.pins.solved.length / factors, boards: sides.boards.solved.length / factors };
  const rows = settings.epochs * (nodes.pins + nodes.boards);
  const workers = workersOf(memory, rows < rowsWorthThreads ? 0 : threads);
  const stage = progress.stage('iALS, rows solved', rows);
  let solved = 0;
  const over = <Step extends IalsTask['step']>(step: Step, side: Side, size: number) =>
    rangesOf(nodes[side], size).map(
      ([from, to]) => workers.perform({ step, side, from, to }) as Promise<ReturnType<IalsSteps[Step]>>,
    );
  /** Turns a side to the axes of its Gram matrix, whose diagonal it gives. */
  const toGramAxes = async (side: Side): Promise<Float64Array> => {
    const { axes, curvature } = sides[side];
    const eigen = symmetricEigen(await summed(over('gram', side, gramRows(nodes[side]))), factors);
    const spectrum = eigen.values.map((value) => Math.max(0, value));
    axes.set(eigen.vectors);
    curvature.set(spectrum.map((value) => settings.unobserved * value));
    await Promise.all(
      over('turn', side, Math.max(turnedTogether, roundUp(nodes[side] / Math.max(1, workers.threads), turnedTogether))),
    );
    return spectrum;
  };
  const solve = async (side: Side, epoch: number): Promise<void> => {
    const size = solvedTogether;
    await Promise.all(
      over('solve', side, size).map(async (task, i) => {
        await task;
        stage.update((solved += Math.min(size, nodes[side] - i * size)), { epoch });
      }),
    );
  };
  try {
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      await toGramAxes('pins');
      await solve('boards', epoch);
      await toGramAxes('boards');
      await solve('pins', epoch);
    }
    const spectrum = await toGramAxes('pins');
    stage.finish();
    return { dimension: factors, spectrum, values: sides.pins.turned };
  } finally {
    await workers.end();
  }
}

/** Fewer rows take less time than threads take to start. */
const rowsWorthThreads = 40_000;
/** Rows in one task, some tenths of a second. */
const solvedTogether = 512;
/** Rows that the product's kernel takes at once. */
const turnedTogether = 64;

/** Rows of one partial sum, whatever the threads: sums of the same parts, in the same order, have the same bits. */
function gramRows(nodes: number): number {
  return Math.max(8192, roundUp(nodes / 64, 256));
}

function rangesOf(nodes: number, size: number): [from: number, to: number][] {
  return Array.from({ length: Math.ceil(nodes / size) }, (_, i) => [i * size, Math.min(nodes, (i + 1) * size)]);
}

async function summed(parts: readonly Promise<Float64Array>[]): Promise<Float64Array> {
  const [sum, ...others] = await Promise.all(parts);
  for (const part of others) part.forEach((value, i) => (sum[i] += value));
  return sum;
}

function ialsMemory(topology: Topology, settings: IalsOptions): IalsMemory {
  const pins = topology.pins.offsets.length - 1;
  const boards = topology.boards.offsets.length - 1;
  const factors = Math.min(settings.factors, pins, boards);
  foreseeMemory({
    what: `iALS of ${factors} factors`,
    // Each side as it was solved and turned.
    bytes: 8 * factors * (pins + boards),
    mend: 'Lower its `factors`.',
  });
  const sideOf = (nodes: number): SideFactors => ({
    solved: sharedFloat32(nodes * factors),
    turned: sharedFloat32(nodes * factors),
    axes: sharedFloat32(factors * factors),
    curvature: sharedFloat64(factors),
  });
  const sides = { pins: sideOf(pins), boards: sideOf(boards) };
  const stream = random(settings.seed);
  for (let pin = 0; pin < pins; pin++)
    if (degree(topology.pins, pin) > 0)
      for (let f = 0; f < factors; f++)
        sides.pins.solved[pin * factors + f] = (settings.deviation / Math.sqrt(factors)) * stream.normal();
  return { topology: topologyInShared(topology), factors, settings, sides };
}

interface Workers {
  /** 0 where the calling thread does the work. */
  readonly threads: number;
  perform(task: IalsTask): Promise<unknown>;
  end(): Promise<void>;
}

function workersOf(memory: IalsMemory, threads: number): Workers {
  if (threads < 2) {
    const steps = ialsSteps(memory);
    return {
      threads: 0,
      perform: async ({ step, side, from, to }) => steps[step](side, from, to),
      end: async () => {},
    };
  }
  const { perform, end } = performers('ials', { threads, workerData: memory, what: 'A thread that fits iALS' });
  return { threads, perform: (task) => perform('perform', task), end };
}
