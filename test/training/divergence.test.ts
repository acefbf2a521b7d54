import { expect, it } from 'vitest';
import { pinSageSpec } from '../../src/model/spec.js';
import { DivergenceWatch, ignorantLoss } from '../../src/training/divergence.js';

const ignorant = 7;

function firstLost(losses: number[], watch = new DivergenceWatch()): number {
  return losses.findIndex((loss) => watch.judge(loss, ignorant) !== undefined);
}

it('lets losses rise, and single batches be far off', () => {
  const rising = Array.from({ length: 60 }, (_, step) => 5 + step / 10);
  rising[30] = 60;
  expect(firstLost(rising)).toBe(-1);
});

it('stops at a loss that is no number and at losses far above those of a model that knows nothing', () => {
  expect(firstLost([7, 6, Number.NaN])).toBe(2);
  expect(firstLost([7, 6, Number.POSITIVE_INFINITY])).toBe(2);
  expect(firstLost([7, 6, 5, 1e6])).toBe(3);
  expect(firstLost([...new Array(20).fill(6), ...new Array(20).fill(30)])).toBeGreaterThan(20);
});

it('goes by the first loss where weights begin worse than those that know nothing', () => {
  expect(firstLost([100, 120, 150])).toBe(-1);
});

it('stops at a first loss that no weights worth training from have', () => {
  expect(firstLost([1e29, 1e29])).toBe(0);
  expect(firstLost([3_000, 2_000])).toBe(-1);
});

it('judges after a resume as it would have without', () => {
  const losses = [...new Array(12).fill(6), ...new Array(20).fill(27)];
  const lost = firstLost(losses);
  const done = losses.slice(0, 15).map((loss) => ({ loss })) as never;
  expect(15 + firstLost(losses.slice(15), new DivergenceWatch(done))).toBe(lost);
});

it('knows what each loss is where all scores are equal', () => {
  const batch = { queries: new Int32Array(4), positives: new Int32Array(4), negatives: new Int32Array(6) };
  const withHard = { batch: { ...batch, hardNegatives: new Int32Array(8) } } as never;
  const of = (loss: 'max-margin' | 'softmax' | 'cross-entropy'): number =>
    ignorantLoss(pinSageSpec({ loss, inBatchNegatives: true, margin: 0.5 }), withHard);
  // Four sets of negatives: shared, in the batch, and two hard ones.
  expect(of('max-margin')).toBeCloseTo(4 * 0.5, 9);
  expect(of('cross-entropy')).toBeCloseTo(5 * Math.log(2), 9);
  expect(of('softmax')).toBeGreaterThan(Math.log(1 + 6 + 4));
});
