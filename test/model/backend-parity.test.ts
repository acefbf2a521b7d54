import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../src/model/backends.js';
import { batchLoss } from '../../src/model/objective.js';
import { openEncoder } from '../../src/model/open-encoder.js';
import type { PartialPinSageSpec } from '../../src/model/spec.js';
import { Adam } from '../../src/training/adam.js';
import { backendsFound } from './backends-found.js';
import { type OneBatch, oneBatch } from './one-batch.js';

/** Of the loss and of the norm of each gradient, relative. */
const figureTolerance = 1e-5;
/** Of each element of a gradient, relative to the gradient's largest. */
const elementTolerance = 1e-5;
/** Of each weight after Adam's step, relative to the learning rate, which is about how far a weight moves. */
const moveTolerance = 1e-3;
/** Adam divides a gradient by its size, so where it is this small a share of the largest, rounding is all there is. */
const tellingShare = 1e-3;
const learningRate = 0.01;

const specs: [string, PartialPinSageSpec][] = [
  ['a transformer', { aggregator: 'transformer', hidden: 12, heads: 3, boardNeighbours: 4, batchSize: 21 }],
  ['softmax over boards', { loss: 'softmax', query: 'board', inBatchNegatives: true }],
  [
    'max-margin over pins, three layers',
    { loss: 'max-margin', query: 'pin', inBatchNegatives: false, layers: 3, contentPath: false, normalise: false },
  ],
  [
    'words without neighbours',
    { aggregator: 'linear', layers: 0, features: { width: 4, textBuckets: 32, ids: 'never', logDegree: false } },
  ],
  [
    'wide layers',
    {
      hidden: 67,
      dimension: 37,
      features: { width: 19, textBuckets: 64, idBuckets: 32, ids: 'always' },
      batchSize: 21,
    },
  ],
];

interface Step {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly moved: ReadonlyMap<string, Float32Array>;
}

/** Loss, gradients, and the weights after one step of Adam, on the backend at hand. */
async function stepOn({ spec, weights, batch, inputs, targets }: OneBatch): Promise<Step> {
  const encoder = openEncoder(spec, weights);
  const adam = new Adam(encoder.variables);
  const before = tf.memory().numTensors;
  const { value, grads } = tf.variableGrads(
    () => batchLoss(encoder, batch, inputs, targets),
    [...encoder.variables.values()],
  );
  const gradients = new Map<string, Float32Array>();
  for (const [name, { name: given }] of encoder.variables)
    gradients.set(name, (await grads[given].data()) as Float32Array);
  const [loss] = await value.data();
  adam.apply(grads, learningRate);
  tf.dispose([value, grads]);
  expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
  const moved = new Map<string, Float32Array>();
  for (const [name, variable] of encoder.variables) moved.set(name, ((await variable.data()) as Float32Array).slice());
  adam.dispose();
  encoder.dispose();
  return { loss, gradients, moved };
}

const norm = (values: Float32Array): number => Math.hypot(...values);
const largest = (values: Float32Array): number => values.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

const { found, absent } = await backendsFound();
const others = found.map(({ name }) => name).filter((name) => name !== 'wasm');

describe.each(specs)('a step of training, %s', (_, partial) => {
  let one: OneBatch;
  let reference: Step;
  beforeAll(async () => {
    await openBackend('wasm');
    one = await oneBatch(partial);
    reference = await stepOn(one);
  });

  it('is the same to the bit when wasm takes it again', async () => {
    await openBackend('wasm');
    expect(await stepOn(one)).toEqual(reference);
  });

  describe.each(others)('on %s', (name) => {
    let step: Step;
    beforeAll(async () => {
      await openBackend(name);
      step = await stepOn(one);
    });

    it("has wasm's loss", () => {
      expect(Math.abs(step.loss / reference.loss - 1)).toBeLessThan(figureTolerance);
    });

    it("has wasm's gradients in norm and element by element", () => {
      for (const [weight, wanted] of reference.gradients) {
        const gradient = step.gradients.get(weight) as Float32Array;
        expect(norm(wanted), weight).toBeGreaterThan(0);
        expect(Math.abs(norm(gradient) / norm(wanted) - 1), weight).toBeLessThan(figureTolerance);
        expect(largest(gradient.map((each, i) => each - wanted[i])) / largest(wanted), weight).toBeLessThan(
          elementTolerance,
        );
      }
    });

    it("moves the weights as wasm's Adam does", () => {
      for (const [weight, wanted] of reference.moved) {
        const [slopes, own] = [reference, step].map(({ gradients }) => gradients.get(weight) as Float32Array);
        const telling = tellingShare * largest(slopes);
        // A sum that cancels in wasm's order may be a speck in another's, so where both are 0 nothing may move.
        const held = (i: number): boolean => Math.abs(slopes[i]) > telling || (slopes[i] === 0 && own[i] === 0);
        const off = (step.moved.get(weight) as Float32Array).map((each, i) => (held(i) ? each - wanted[i] : 0));
        expect(largest(off) / learningRate, weight).toBeLessThan(moveTolerance);
      }
    });
  });
});

// Absent backends show as skipped tests with the reason in their name: they have not passed.
for (const [name, why] of absent) it.skip(`the same step on ${name}: ${why}`, () => {});
