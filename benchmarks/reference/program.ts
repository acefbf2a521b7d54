import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Topology } from '../../src/graph/graph.js';

/** A running program that does its work once whenever it is told to, and then prints numbers on one line. */
export interface Program {
  round(): Promise<number[]>;
  close(): void;
}

/** From dist/benchmarks/reference back to the source folder. */
export const sourceOf = (name: string): string =>
  fileURLToPath(new URL(`../../../benchmarks/reference/${name}`, import.meta.url));

/** A Python that has DGL, or a sentence that says that there is none. */
export function dglPython(): string | { absent: string } {
  const python = process.env.BOARDWALK_DGL_PYTHON ?? 'python3';
  const { status } = spawnSync(python, ['-c', 'import dgl'], { stdio: 'ignore' });
  if (status === 0) return python;
  return { absent: `DGL is left out: ${python} has none (BOARDWALK_DGL_PYTHON names a Python that has)` };
}

/** Starts a program and hands it the graph and the seeds on its standard input, as walks.cc says. */
export function startProgram(
  program: string,
  options: readonly (string | number)[],
  { pins, boards }: Topology,
  seeds: Uint32Array,
  clean: () => void = () => {},
): Program {
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
      return String(value).split(' ').map(Number);
    },
    close() {
      child.stdin.end();
      clean();
    },
  };
}
