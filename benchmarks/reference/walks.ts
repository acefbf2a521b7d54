import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Topology } from '../../src/graph/graph.js';
import { dglPython, sourceOf, startProgram } from './program.js';

export interface ReferenceRound {
  /** CPU seconds of the walking thread for all seeds. */
  seconds: number;
  meanTopWeight: number;
}

/** A running reference that walks all seeds once whenever it is told to. */
export interface Reference {
  round(): Promise<ReferenceRound>;
  close(): void;
}

/** The C++ walks of walks.cc; a sentence instead where there is no compiler. */
export function startCpp(
  topology: Topology,
  seeds: Uint32Array,
  { steps, neighbours }: { steps: number; neighbours: number },
): Reference | string {
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-walks-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, 'walks');
  const compiled = spawnSync('g++', ['-O3', '-march=native', '-o', program, sourceOf('walks.cc')], {
    encoding: 'utf8',
  });
  if (compiled.error || compiled.status !== 0) {
    remove();
    return `the C++ reference is left out: ${compiled.error ? 'g++ was not found' : compiled.stderr.split('\n')[0]}`;
  }
  return start(program, [steps, neighbours], topology, seeds, remove);
}

/** Walks of at most this many steps a walk, as DGL's PinSage example has it. */
const traversals = 2;

/** Two-hop steps that DGL takes a seed, on average: a walk ends before its second with probability 1/2. */
export const stepsPerDglWalk = 1.5;

/**
 * DGL's PinSAGESampler; a sentence instead where no Python that has DGL is found. BOARDWALK_DGL_PYTHON names
 * one beside `python3`.
 */
export function startDgl(
  topology: Topology,
  seeds: Uint32Array,
  { walks, neighbours }: { walks: number; neighbours: number },
): Reference | string {
  const python = dglPython();
  if (typeof python !== 'string') return python.absent;
  return start(python, [sourceOf('dgl_walks.py'), walks, traversals, neighbours], topology, seeds, () => {});
}

function start(
  program: string,
  options: readonly (string | number)[],
  topology: Topology,
  seeds: Uint32Array,
  clean: () => void,
): Reference {
  const { round, close } = startProgram(program, options, topology, seeds, clean);
  return {
    async round() {
      const [seconds, meanTopWeight] = await round();
      return { seconds, meanTopWeight };
    },
    close,
  };
}
