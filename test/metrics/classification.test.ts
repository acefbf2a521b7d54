import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc, calibrationBins, expectedCalibrationError, logLoss } from '../../src/metrics/classification.js';

function slowAuc(scores: number[], labels: number[]): number {
  let sum = 0;
  let pairs = 0;
  scores.forEach((a, i) =>
    scores.forEach((b, j) => {
      if (!labels[i] || labels[j]) return;
      pairs++;
      sum += a > b ? 1 : a === b ? 0.5 : 0;
    }),
  );
  return sum / pairs;
}

const outcomes = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 10 }), label: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 2,
    maxLength: 40,
  })
  .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2);

describe('classification metrics', () => {
  it('count tied scores half in the AUC', () => {
    fc.assert(
      fc.property(outcomes, (rows) => {
        const scores = rows.map(({ score }) => score);
        const labels = rows.map(({ label }) => label);
        expect(auc(scores, labels)).toBeCloseTo(slowAuc(scores, labels), 12);
      }),
    );
  });

  it('have no AUC without both outcomes', () => {
    expect(auc([0.1, 0.2], [1, 1])).toBeNaN();
  });

  it('charge a coin toss one bit and a certain mistake much, but not infinity', () => {
    expect(logLoss([0.5, 0.5], [0, 1])).toBeCloseTo(Math.LN2, 12);
    expect(logLoss([0, 1], [1, 0])).toBeGreaterThan(30);
    expect(logLoss([0, 1], [1, 0])).toBeLessThan(40);
  });

  it('put the edges of the probability range into the outer bins', () => {
    const bins = calibrationBins([0, 0.05, 0.1, 0.95, 1], [0, 1, 0, 1, 1], 10);
    expect(bins.map(({ count }) => count)).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect(bins[0]).toEqual({ count: 2, predicted: 0.025, observed: 0.5 });
    expect(bins[9].observed).toBe(1);
  });

  it('find no calibration error where the shares match, and all of it where they do not', () => {
    expect(expectedCalibrationError([0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0])).toBeCloseTo(0, 12);
    expect(expectedCalibrationError([1, 1, 0, 0], [0, 0, 1, 1])).toBeCloseTo(1, 12);
  });
});
