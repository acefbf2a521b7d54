import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoardwalkError } from '../src/errors.js';
import { type RaceSize, raceSizes, stepOperations, trainingSteps } from './fixtures/training-steps.js';
import { type BenchmarkResult, shownSpread, spreadOf } from './machine.js';
import { type Program, sourceOf, startRounds, torchPython } from './reference/program.js';

const log = (line: string): void => console.error(line);
const batchCount = 4;
const warmUp = 2;
/** Largest relative difference between two losses of one step. Steps add up, so rounding does too. */
const lossTolerance = 1e-4;
const oneThread = { OMP_NUM_THREADS: '1', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' };

function runner(backend: string, size: RaceSize, ...folder: string[]): Program {
  const script = fileURLToPath(new URL('./step-runner.js', import.meta.url));
  return startRounds(process.execPath, [script, backend, size, batchCount, ...folder], { environment: oneThread });
}

function installed(library: string): boolean {
  try {
    createRequire(import.meta.url).resolve(library);
    return true;
  } catch {
    return false;
  }
}

function torchSteps(folder: string, device: 'cpu' | 'cuda'): (() => Program) | string {
  const python = torchPython();
  if (typeof python !== 'string') return python.absent;
  if (device === 'cuda' && spawnSync(python, ['-c', 'import torch; torch.zeros(1).cuda()']).status !== 0)
    return `PyTorch on CUDA is left out: ${python} finds no device`;
  return () => startRounds(python, [sourceOf('pinsage-step.py'), folder, device], { environment: oneThread });
}

/** What takes part, as functions that start it; a sentence for what cannot. The first writes the arrays. */
type Contestants = Record<string, (() => Program) | string>;

function onOneThread(size: RaceSize, folder: string): Contestants {
  const node = '@tensorflow/tfjs-node';
  return {
    wasm: () => runner('wasm', size, folder),
    node: installed(node) ? () => runner('node', size) : `tfjs-node is left out: ${node} is not installed`,
    torch: torchSteps(folder, 'cpu'),
  };
}

function onGpu(size: RaceSize, folder: string): Contestants {
  const cuda = '@tensorflow/tfjs-node-gpu';
  return {
    wasm: () => runner('wasm', size, folder),
    webgpu: installed('webgpu') ? () => runner('webgpu', size) : 'WebGPU is left out: webgpu is not installed',
    gpu: installed(cuda) ? () => runner('gpu', size) : `tfjs-node-gpu is left out: ${cuda} is not installed`,
    torch: torchSteps(folder, 'cuda'),
  };
}

/** Races training steps of every size. */
export async function raceSizesOn(on: 'cpu' | 'gpu'): Promise<BenchmarkResult> {
  const steps = Number(process.env.BOARDWALK_BENCH_ROUNDS ?? 10);
  const result: BenchmarkResult = { ratios: {}, figures: {} };
  for (const size of Object.keys(raceSizes) as RaceSize[]) {
    const { data, batches } = await trainingSteps(raceSizes[size], 1);
    const [{ batch }] = batches;
    const operations = stepOperations(batches[0], data);
    log(
      `${size}: ${data.inputs.pins} pins, ${batch.queries.length} pairs, ${batch.layers.map(({ sources }) => sources).join(' and ')} ` +
        `rows, ${(operations / 1e9).toFixed(1)} GFLOP a step`,
    );
    const { ratios, figures } = await raceSteps(size, steps, on);
    for (const [name, ratio] of Object.entries(ratios)) {
      log(`${name}: ${ratio.toFixed(2)}`);
      result.ratios[`${size}_${name}`] = ratio;
    }
    result.figures[size] = { gflop: operations / 1e9, rows: batch.layers.map(({ sources }) => sources), ...figures };
  }
  return result;
}

/**
 * The same training steps with wasm, with tfjs-node and in PyTorch, each a process with one thread; or with wasm
 * and on the GPU through WebGPU, tfjs-node-gpu and PyTorch. By turns, step by step, so that a slow minute hits all.
 * Times are CPU seconds of a step, on the GPU seconds by the clock; ratios are of the least, ours over PyTorch's.
 * Throws `mismatch` where the losses differ.
 */
async function raceSteps(size: RaceSize, rounds: number, on: 'cpu' | 'gpu'): Promise<BenchmarkResult> {
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-steps-'));
  const contestants = Object.entries(on === 'gpu' ? onGpu(size, folder) : onOneThread(size, folder));
  const running = new Map<string, Program>();
  const seconds: Record<string, number[]> = {};
  const figures: Record<string, unknown> = {};
  let differ = 0;
  try {
    for (let step = 0; step < warmUp + rounds; step++) {
      let reference: number | undefined;
      for (const [name, start] of contestants) {
        if (typeof start === 'string') {
          if (step === 0) log(start);
          figures[name] = start;
          continue;
        }
        const program = running.get(name) ?? start();
        running.set(name, program);
        const [cpu, loss, wall] = await program.round();
        reference ??= loss;
        differ = Math.max(differ, sameLoss(name, step, loss, reference));
        if (step >= warmUp) (seconds[name] ??= []).push(1000 * (on === 'gpu' ? wall : cpu));
      }
    }
  } finally {
    for (const { close } of running.values()) close();
    rmSync(folder, { recursive: true });
  }
  const spreads = Object.entries(seconds).map(([name, each]) => [name, spreadOf(each)] as const);
  for (const [name, spread] of spreads)
    log(`${name}: ${shownSpread(spread, on === 'gpu' ? 'ms a step' : 'ms of CPU a step')}`);
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
