import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Vocabulary } from '../src/data/vocabulary.js';
import type { Graph } from '../src/graph/graph.js';
import { openBackend } from '../src/model/backends.js';
import { pinSageSpec } from '../src/model/spec.js';
import { trainPinSage } from '../src/training/train-pinsage.js';
import { powerLawGraph } from './fixtures/power-law-graph.js';
import { type BenchmarkResult, machine } from './machine.js';

const log = (line: string): void => console.error(line);
const steps = 20_000;
const shownEvery = 1_000;
const stepsPerEpoch = 500;
const pins = 2_000;
const boards = 1_500;
/** By then every table has its size and every function is compiled. */
const settled = 2_000;

interface Sample {
  step: number;
  resident: number;
  tensors: number;
  tensorBytes: number;
}

function numbered(size: number): Vocabulary {
  return new Vocabulary(Array.from({ length: size }, (_, index) => String(index)));
}

/** 20,000 steps of the whole training loop on a tiny model: memory must not grow. */
export async function run(): Promise<BenchmarkResult> {
  const backend = await openBackend('wasm');
  log(machine());
  const nothing = { names: [], get: () => null };
  const graph: Graph = {
    id: 'power-law',
    topology: powerLawGraph({ pins, boards, edges: 15_000, communities: 20 }),
    pins: numbered(pins),
    boards: numbered(boards),
    pinAttributes: nothing,
    boardAttributes: nothing,
    features: [],
    edges: {},
    relations: [],
  };
  const spec = pinSageSpec({
    features: { width: 16, idBuckets: 512 },
    hidden: 16,
    dimension: 16,
    neighbours: 5,
    steps: 40,
    folds: 2,
    negatives: 32,
    batchSize: 16,
    pairsPerEpoch: 16 * stepsPerEpoch,
    pinsPerBoard: 20,
    epochs: 10 * Math.ceil(steps / stepsPerEpoch),
    learningRate: 0.001,
  });
  const directory = mkdtempSync(join(tmpdir(), 'boardwalk-soak-'));
  const stop = new AbortController();
  const samples: Sample[] = [];
  let step = 0;
  const progress = {
    note() {},
    stage: (title: string) => ({
      update() {
        if (!title.startsWith('epoch') || ++step % shownEvery > 0) return;
        const { numTensors: tensors, numBytes: tensorBytes } = tf.memory();
        samples.push({ step, resident: process.memoryUsage.rss(), tensors, tensorBytes });
        const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
        log(
          `step ${step}: ${mega(samples[samples.length - 1].resident)} resident, ${tensors} tensors of ${mega(tensorBytes)}`,
        );
        if (step >= steps) stop.abort();
      },
      finish() {},
    }),
  };
  const validation = { boards: new Uint32Array(0), pins: new Uint32Array(0) };
  await trainPinSage(graph, { spec, backend, seed: 1, validation, directory, progress, signal: stop.signal }).catch(
    (error) => {
      if (error.code !== 'interrupted') throw error;
    },
  );
  rmSync(directory, { recursive: true });
  const first = samples.find((each) => each.step >= settled) as Sample;
  const last = samples[samples.length - 1];
  return {
    ratios: { resident: last.resident / first.resident, tensors: last.tensors / first.tensors },
    figures: {
      steps: last.step,
      resident_settled_mb: first.resident / 1e6,
      resident_end_mb: last.resident / 1e6,
      resident_most_mb: Math.max(...samples.map(({ resident }) => resident)) / 1e6,
      tensors: last.tensors,
    },
  };
}
