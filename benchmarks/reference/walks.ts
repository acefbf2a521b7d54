import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Topology } from '../../src/graph/graph.js';

export interface ReferenceRound {
  /** CPU seconds of the walking thread for all seeds. */
  seconds: number;
  meanTopWeight: number;
}

// From dist/benchmarks/reference back to the source folder.
const source = fileURLToPath(new URL('../../../benchmarks/reference/walks.cc', import.meta.url));

/** Compiles and runs the C++ walks on the same graph and seeds; a sentence instead where there is no compiler. */
export async function runReference(
  { pins, boards }: Topology,
  seeds: Uint32Array,
  { steps, neighbours, rounds }: { steps: number; neighbours: number; rounds: number },
): Promise<ReferenceRound[] | string> {
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-walks-'));
  try {
    const program = join(folder, 'walks');
    const compiled = spawnSync('g++', ['-O3', '-march=native', '-o', program, source], { encoding: 'utf8' });
    if (compiled.error) return 'the C++ reference is left out: g++ was not found';
    if (compiled.status !== 0) return `the C++ reference is left out: ${compiled.stderr.split('\n')[0]}`;
    const child = spawn(program, [steps, neighbours, rounds].map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
    for (const column of [pins.offsets, pins.neighbours, boards.offsets, boards.neighbours, seeds]) {
      child.stdin.write(new Uint8Array(Uint32Array.of(column.length).buffer));
      child.stdin.write(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    }
    child.stdin.end();
    const lines = (await text(child.stdout)).trim().split('\n');
    return lines.map((line) => {
      const [seconds, meanTopWeight] = line.split(' ').map(Number);
      return { seconds, meanTopWeight };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
