import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoardwalkError } from '../src/errors.js';
import { type RaceSize } from './fixtures/training-steps.js';
import { type BenchmarkResult, shownSpread, spreadOf } from './machine.js';
import { type Program, sourceOf, startRounds, torchPython } from './reference/program.js';

const log = (line: string): void => console.error(line);
const batches = 4;
const warmUp = 2;
/** Largest relative difference between two losses of one step. Steps add up, so rounding does too. */
const lossTolerance = 1e-4;
const oneThread = { OMP_NUM_THREADS: '1', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' };

function runner(backend: string, size: RaceSize, ...folder: string[]): Program {
  const script = fileURLToPath(new URL('./step-runner.js', import.meta.url));
  return startRounds(process.execPath, [script, backend, size, batches, ...folder], { environment: oneThread });
}

function nativeBackend(): boolean {
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-node');
    return true;
  } catch {
    return false;
  }
}

/** What takes part, as functions that start it; a sentence for what cannot. The first writes the arrays. */
function contestants(size: RaceSize, folder: string): Record<string, (() => Program) | string> {
  const python = torchPython();
  const script = sourceOf('pinsage-step.py');
  return {
    wasm: () => runner('wasm', size, folder),
    node: nativeBackend() ? () => runner('node', size) : 'tfjs-node is left out: it is not installed',
    torch:
      typeof python === 'string'
        ? () => startRounds(python, [script, folder], { environment: oneThread })
        : python.absent,
  };
}

/**
 * The same training steps with wasm, with tfjs-node and in PyTorch, each a process with one thread, by turns:
 * step by step, so that a slow minute hits all. Ratios are of the least CPU seconds of a step, ours over
 * PyTorch's. Throws `mismatch` where the losses differ.
 */
export async function raceSteps(size: RaceSize, rounds: number): Promise<BenchmarkResult> {
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-steps-'));
  const running = new Map<string, Program>();
  const seconds: Record<string, number[]> = {};
  const figures: Record<string, unknown> = {};
  let differ = 0;
  try {
    for (let step = 0; step < warmUp + rounds; step++) {
      let reference: number | undefined;
      for (const [name, start] of Object.entries(contestants(size, folder))) {
        if (typeof start === 'string') {
          if (step === 0) log(start);
          figures[name] = start;
          continue;
        }
        const program = running.get(name) ?? start();
        running.set(name, program);
        const [cpu, loss] = await program.round();
        reference ??= loss;
        differ = Math.max(differ, sameLoss(name, step, loss, reference));
        if (step >= warmUp) (seconds[name] ??= []).push(1000 * cpu);
      }
    }
  } finally {
    for (const { close } of running.values()) close();
    rmSync(folder, { recursive: true });
  }
  const spreads = Object.entries(seconds).map(([name, each]) => [name, spreadOf(each)] as const);
  for (const [name, spread] of spreads) log(`${name}: ${shownSpread(spread, 'ms of CPU a step')}`);
  log(`losses differ by ${differ.toExponential(1)} at most`);
  const least = new Map(spreads.map(([name, { min }]) => [name, min]));
  const ratios: Record<string, number> = {};
  const torch = least.get('torch');
  if (torch !== undefined)
    for (const [name, ours] of least) if (name !== 'torch') ratios[`${name}_vs_torch`] = ours / torch;
  return { ratios, figures: { ...figures, ...Object.fromEntries(spreads), losses_differ: differ } };
}

function sameLoss(name: string, step: number, loss: number, reference: number): number {
  const difference = Math.abs(loss / reference - 1);
  // A NaN is no agreement either.
  if (!(difference <= lossTolerance))
    throw new BoardwalkError('mismatch', `In step ${step}, ${name} finds the loss ${loss}, not ${reference}.`);
  return difference;
}
