import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embedPins } from '../../src/embedding/embed-pins.js';
import { sampleCases } from '../../src/evaluation/cases.js';
import { boardTask, drawPairs, relatedTask, type Task } from '../../src/evaluation/tasks.js';
import { readTestPairs, type TestPairs } from '../../src/evaluation/test-pairs.js';
import { degree, type Graph, pinsWithoutBoards } from '../../src/graph/graph.js';
import { withoutEdges } from '../../src/graph/memory-graph.js';
import type { Backend } from '../../src/model/backends.js';
import { contentWidth, encodePins, type FeatureFit, fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { type PinSageSpec, pinSageSpec } from '../../src/model/spec.js';
import type { PinSageModel } from '../../src/model/weights.js';
import { trainSpec } from '../../src/pipeline/spec/train-spec.js';
import { type Holdout, validationHoldout } from '../../src/pipeline/holdout/validation-holdout.js';
import { trainPinSage } from '../../src/training/train-pinsage.js';
import { timed } from '../machine.js';
import { type Cases, coldBonus, judged } from './judge.js';
import type { Variant } from './variants.js';

/** A data set under one seed. The tests are asked of the whole graph, validation of the one that training sees. */
export interface Trial {
  readonly graph: Graph;
  readonly holdout: Holdout;
  readonly tests: Cases;
  readonly validation: Cases;
  readonly seed: number;
  /** What features are fitted to, by their spec: the same for most variants. */
  readonly fits: Map<string, FeatureFit>;
}

/** Cases judged of each task, drawn by the seed. */
const casesJudged = 1_000;

/** `tests` are files of `board_id`, `pin_id`. Related pins are drawn from the boards of the first. */
export async function openTrial(graph: Graph, tests: Readonly<Record<string, string>>, seed: number): Promise<Trial> {
  const pairs: [string, TestPairs][] = [];
  for (const [name, file] of Object.entries(tests)) pairs.push([name, await readTestPairs(file, ['board_id'])]);
  const drawn = (task: Task) => ({ task: task.name, cases: sampleCases(task.cases, casesJudged, seed) });
  const holdout = validationHoldout(graph, trainSpec(), seed);
  const isCold = (pin: number): boolean => degree(holdout.graph.topology.pins, pin) === 0;
  return {
    graph,
    holdout,
    seed,
    tests: {
      related: drawn(relatedTask(graph, drawPairs(pairs[0][1], { seed }))),
      ...Object.fromEntries(pairs.map(([name, each]) => [name, drawn(boardTask(graph, each))])),
    },
    validation: {
      'validation warm': drawn(
        boardTask(
          holdout.graph,
          hiddenPairs(holdout, (pin) => !isCold(pin)),
        ),
      ),
      'validation cold': drawn(boardTask(holdout.graph, hiddenPairs(holdout, isCold))),
    },
    fits: new Map(),
  };
}

function hiddenPairs({ graph, hidden }: Holdout, accepts: (pin: number) => boolean): TestPairs {
  const kept = [...hidden.pins.keys()].filter(
    (i) => accepts(hidden.pins[i]) && degree(graph.topology.boards, hidden.boards[i]) > 0,
  );
  return {
    from: kept.map((i) => graph.boards.id(hidden.boards[i])),
    pins: kept.map((i) => graph.pins.id(hidden.pins[i])),
  };
}

/** Figures by `task/measure`, and what training cost. */
export interface Outcome {
  readonly figures: Readonly<Record<string, number>>;
  readonly cpuSeconds: number;
}

/**
 * Trains a variant for all of its epochs and judges the last: no epoch is chosen, so all variants see as many
 * pairs. The model is trained without the validation edges; the tests are asked with the whole graph.
 */
export async function tried(trial: Trial, { spec: partial, blind }: Variant, backend: Backend): Promise<Outcome> {
  const { holdout, seed } = trial;
  const spec = pinSageSpec(partial);
  const fit = await fitOnce(trial, spec);
  // Training from an untrained model is training anew, without fitting the features again.
  const from: PinSageModel = { spec, features: fit.features, weights: initialWeights(spec, fit, seed) };
  const directory = mkdtempSync(join(tmpdir(), 'boardwalk-ablation-'));
  const validation = { boards: new Uint32Array(0), pins: new Uint32Array(0) };
  let model = from;
  try {
    const training = await timed(async () => {
      model = await trainPinSage(holdout.graph, { spec, backend, seed, validation, directory, from, threads: 0 });
    });
    const seen = (whole: Graph): Graph =>
      blind ? withoutEdges(whole, new Uint8Array(whole.topology.boards.neighbours.length).fill(1)) : whole;
    const vectorsOf = async (whole: Graph) => ({
      vectors: await embedPins(seen(whole), model, { backend, seed, threads: 0 }),
      dimension: spec.dimension,
      cold: pinsWithoutBoards(whole.topology.pins),
    });
    const ofTraining = await vectorsOf(holdout.graph);
    const bonus = coldBonus(ofTraining, trial.validation);
    const ofWhole = await vectorsOf(trial.graph);
    return {
      figures: {
        ...judged(ofTraining, trial.validation, bonus),
        ...judged(ofWhole, trial.tests, bonus),
        'cold bonus': bonus,
        ...prefixed('without bonus/', judged(ofWhole, trial.tests, 0)),
      },
      cpuSeconds: training.cpu,
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function prefixed(prefix: string, figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, figure]) => [prefix + name, figure]));
}

/** The pins' latent text and feature columns as they come, which is where training starts from. */
export async function triedContent(trial: Trial, { spec: partial }: Variant): Promise<Outcome> {
  const spec = pinSageSpec(partial);
  const fit = await fitOnce(trial, spec);
  const dimension = contentWidth(spec.features, fit.features);
  const { width, values } = encodePins(trial.graph, spec.features, fit).dense;
  const vectors = new Float32Array((values.length / width) * dimension);
  for (let pin = 0; pin * width < values.length; pin++) {
    const row = values.subarray(pin * width, pin * width + dimension);
    const length = Math.hypot(...row) || 1;
    vectors.set(
      row.map((value) => value / length),
      pin * dimension,
    );
  }
  const of = (graph: Graph) => ({ vectors, dimension, cold: pinsWithoutBoards(graph.topology.pins) });
  const bonus = coldBonus(of(trial.holdout.graph), trial.validation);
  const figures = {
    ...judged(of(trial.holdout.graph), trial.validation, bonus),
    ...judged(of(trial.graph), trial.tests, bonus),
    'cold bonus': bonus,
  };
  return { figures, cpuSeconds: 0 };
}

async function fitOnce({ fits, holdout, seed }: Trial, { features }: PinSageSpec): Promise<FeatureFit> {
  // Dropout changes nothing of what is fitted, nor do ids.
  const key = JSON.stringify({ ...features, idDropout: 0 });
  const fit = fits.get(key) ?? (await fitFeatures(holdout.graph, features, seed));
  fits.set(key, fit);
  return fit;
}
