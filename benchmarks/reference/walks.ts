import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Topology } from '../../src/graph/graph.js';

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

// From dist/benchmarks/reference back to the source folder.
const sourceOf = (name: string): string =>
  fileURLToPath(new URL(`../../../benchmarks/reference/${name}`, import.meta.url));

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
  const python = process.env.BOARDWALK_DGL_PYTHON ?? 'python3';
  const { status } = spawnSync(python, ['-c', 'import dgl'], { stdio: 'ignore' });
  if (status !== 0) return `DGL is left out: ${python} has none (BOARDWALK_DGL_PYTHON names a Python that has)`;
  return start(python, [sourceOf('dgl_walks.py'), walks, traversals, neighbours], topology, seeds, () => {});
}

function start(
  program: string,
  options: readonly (string | number)[],
  { pins, boards }: Topology,
  seeds: Uint32Array,
  clean: () => void,
): Reference {
  const child = spawn(program, options.map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (const column of [pins.offsets, pins.neighbours, boards.offsets, boards.neighbours, seeds]) {
    child.stdin.write(new Uint8Array(Uint32Array.of(column.length).buffer));
    child.stdin.write(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return {
    async round() {
      child.stdin.write('.');
      const { value } = await lines.next();
      const [seconds, meanTopWeight] = String(value).split(' ').map(Number);
      return { seconds, meanTopWeight };
    },
    close() {
      child.stdin.end();
      clean();
    },
  };
}
