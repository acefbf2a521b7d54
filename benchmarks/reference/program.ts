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

/** A Python that has a package, or a sentence that says that there is none. */
function pythonWith(name: string, library: string, variable: string): string | { absent: string } {
  const python = process.env[variable] ?? 'python3';
  const { status } = spawnSync(python, ['-c', `import ${library}`], { stdio: 'ignore' });
  if (status === 0) return python;
  return { absent: `${name} is left out: ${python} has none (${variable} names a Python that has)` };
}

export const dglPython = (): string | { absent: string } => pythonWith('DGL', 'dgl', 'BOARDWALK_DGL_PYTHON');
export const torchPython = (): string | { absent: string } => pythonWith('PyTorch', 'torch', 'BOARDWALK_TORCH_PYTHON');

/** Starts a program and hands it the graph and the seeds on its standard input, as walks.cc says. */
export function startProgram(
  program: string,
  options: readonly (string | number)[],
  { pins, boards }: Topology,
  seeds: Uint32Array,
  clean?: () => void,
): Program {
  const columns = [pins.offsets, pins.neighbours, boards.offsets, boards.neighbours, seeds];
  return startRounds(program, options, { columns, ...(clean && { clean }) });
}

export interface RoundsOptions {
  /** Handed over on the standard input before the first round, each after its length. */
  columns?: readonly Uint32Array[];
  /** Beside this process's environment. */
  environment?: NodeJS.ProcessEnv;
  clean?: () => void;
}

export function startRounds(
  program: string,
  options: readonly (string | number)[],
  { columns = [], environment = {}, clean = () => {} }: RoundsOptions = {},
): Program {
  const child = spawn(program, options.map(String), {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (const column of columns) {
    child.stdin.write(new Uint8Array(Uint32Array.of(column.length).buffer));
    child.stdin.write(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return {
    async round() {
      child.stdin.write('.');
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} ${options.join(' ')} ended before its round did`);
      return String(value).split(' ').map(Number);
    },
    close() {
      child.stdin.end();
      clean();
    },
  };
}
