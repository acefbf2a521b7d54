import type { PinSageSpec } from '../model/spec.js';
import type { Weights } from '../model/weights.js';
import type { BoardBatch } from './epoch-batches.js';
import type { TrainingRecord } from './training-log.js';

/** Steps whose mean loss is judged: one bad batch is no divergence. */
export const judgedSteps = 10;
/** A model that knows nothing has a loss; training that stays this many times above it is lost. */
const tolerance = 3;
/**
 * Weights may begin worse than a model that knows nothing, but no more times than this: cosines over the smallest
 * temperature stay below. From a higher loss training has nowhere to go.
 */
const worstStart = 1_000;

/** The loss where all scores are equal. */
export function ignorantLoss(spec: PinSageSpec, { batch }: BoardBatch): number {
  const sets = 1 + Number(spec.inBatchNegatives) + batch.hardNegatives.length / batch.queries.length;
  if (spec.loss === 'max-margin') return spec.margin * sets;
  if (spec.loss === 'cross-entropy') return Math.LN2 * (1 + sets);
  const inBatch = spec.inBatchNegatives ? batch.positives.length : 0;
  return Math.log(1 + batch.negatives.length + inBatch + sets);
}

/** Watches the losses of a run for the point from which it only gets worse. */
export class DivergenceWatch {
  readonly #recent: number[];
  #first: number | undefined;
  #mean = 0;
  #limit = Number.POSITIVE_INFINITY;

  /** `done` are the records of the steps before a resume. */
  constructor(done: readonly TrainingRecord[] = []) {
    const losses = done.filter(({ hit_rate }) => hit_rate === undefined).map(({ loss }) => loss);
    this.#first = losses[0];
    this.#recent = losses.slice(-judgedSteps);
  }

  /** Why a run with this loss next has diverged, as the end of a sentence; undefined where it has not. */
  judge(loss: number, ignorant: number): string | undefined {
    if (!Number.isFinite(loss)) return `its loss is ${loss}`;
    this.#first ??= loss;
    this.#recent.push(loss);
    if (this.#recent.length > judgedSteps) this.#recent.shift();
    this.#mean = this.#recent.reduce((total, each) => total + each, 0) / this.#recent.length;
    const start = Math.min(this.#first, worstStart * Math.max(1, ignorant));
    this.#limit = tolerance * Math.max(start, ignorant) || Number.POSITIVE_INFINITY;
    if (this.#mean <= this.#limit) return undefined;
    return (
      `its mean loss over ${this.#recent.length} steps is ${this.#mean.toPrecision(4)}, ` +
      `that of a model that knows nothing ${ignorant.toPrecision(4)}`
    );
  }

  /** False where the loss is on its way to the limit: weights of now are not worth keeping. */
  get healthy(): boolean {
    return this.#mean <= this.#limit / 2;
  }
}

/** The first weight that holds a value which is no number, or undefined. */
export function brokenWeight(weights: Weights): string | undefined {
  for (const [name, { values }] of weights) if (!values.every(Number.isFinite)) return name;
  return undefined;
}
