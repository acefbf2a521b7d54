import { describe, expect, it } from 'vitest';
import { auc } from '../../src/metrics/classification.js';
import { silentProgress } from '../../src/progress.js';
import { random } from '../../src/random.js';
import { calibrate } from '../../src/ranking/calibration.js';
import type { RankingExamples } from '../../src/ranking/examples.js';
import { fitPinnability } from '../../src/ranking/fit-pinnability.js';
import { probabilities, scoresOf, sigmoid } from '../../src/ranking/pinnability.js';

/** Candidates whose chance of a save is σ(2a − b + size − 3), negatives kept with probability `kept`. */
function syntheticExamples(queries: number, kept: number, seed: number): RankingExamples & { truth: number[] } {
  const stream = random(seed);
  const rows: number[][] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  const truth: number[] = [];
  const offsets = [0];
  for (let query = 0; query < queries; query++) {
    const size = stream.normal();
    for (let candidate = 0; candidate < 40; candidate++) {
      const [a, b] = [stream.normal(), stream.normal()];
      const chance = sigmoid(2 * a - b + size - 3);
      const label = stream.float() < chance ? 1 : 0;
      if (label === 0 && stream.float() >= kept) continue;
      rows.push([a * 10 + 5, b, 7, size]);
      labels.push(label);
      weights.push(label ? 1 : 1 / kept);
      truth.push(chance);
    }
    offsets.push(labels.length);
  }
  return {
    names: ['a', 'b', 'constant', 'query.size'],
    values: Float32Array.from(rows.flat()),
    labels: Uint8Array.from(labels),
    weights: Float32Array.from(weights),
    offsets: Uint32Array.from(offsets),
    truth,
  };
}

const matrix = ({ names, values, labels }: RankingExamples) => ({ names, values, rows: labels.length });

describe.each(['softmax', 'logistic'] as const)('Pinnability with %s loss', (loss) => {
  const examples = syntheticExamples(1_000, 1, 3);
  const model = fitPinnability(examples, { loss, l2: 1e-3, hidden: 0 });
  const slope = (f: number): number => model.weights[f] / model.deviations[f];

  it('finds the slopes that made the data', () => {
    // Softmax flattens the slopes where several of a few candidates are saved, the steeper one a little more.
    expect(Math.abs((slope(0) * 10) / -slope(1) - 2)).toBeLessThan(0.15);
    if (loss === 'logistic') expect(slope(1)).toBeCloseTo(-1, 0);
  });

  it('gives a constant column no weight', () => {
    expect(model.deviations[2]).toBe(0);
    expect(scoresOf(model, matrix(examples)).every(Number.isFinite)).toBe(true);
  });

  it('is the same each time', () => {
    expect(fitPinnability(examples, { loss, l2: 1e-3, hidden: 0 })).toEqual(model);
  });

  it('keeps weights small under a heavy penalty', () => {
    const held = fitPinnability(examples, { loss, l2: 1e7, hidden: 0 });
    expect(Math.abs(held.weights[0])).toBeLessThan(0.01);
  });
});

describe('calibration', () => {
  const fitted = fitPinnability(syntheticExamples(1_000, 0.25, 11), { hidden: 0 });
  const calibrated = calibrate(fitted, syntheticExamples(1_000, 0.25, 12));
  const fresh = syntheticExamples(1_000, 1, 13);
  const chances = probabilities(calibrated, matrix(fresh));

  it('makes probabilities of down-sampled rows right for all of them', () => {
    const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b) / values.length;
    expect(mean(chances)).toBeCloseTo(mean(fresh.labels), 2);
    const error = mean(Array.from(chances, (chance, row) => Math.abs(chance - fresh.truth[row])));
    expect(error).toBeLessThan(0.02);
  });

  it('learns what the ranking could not: the features of the query', () => {
    expect(fitted.weights[3]).toBeCloseTo(0, 6);
    expect(calibrated.weights[3] / calibrated.deviations[3]).toBeCloseTo(1, 0);
  });

  it('does not change the order within a query', () => {
    const before = scoresOf(fitted, matrix(fresh));
    const after = scoresOf(calibrated, matrix(fresh));
    for (let q = 0; q < 50; q++) {
      const rows = Array.from({ length: fresh.offsets[q + 1] - fresh.offsets[q] }, (_, i) => fresh.offsets[q] + i);
      const order = (scores: Float64Array): number[] => rows.toSorted((a, b) => scores[b] - scores[a]);
      expect(order(after)).toEqual(order(before));
    }
  });

  it('is sure of nothing where a few examples are told apart', () => {
    const apart = {
      names: ['a'],
      values: Float32Array.from({ length: 40 }, (_, i) => i),
      offsets: Uint32Array.of(0, 40),
    };
    const labels = Uint8Array.from({ length: 40 }, (_, i) => Number(i >= 30));
    const few = { ...apart, labels, weights: new Float32Array(40).fill(1) };
    const sure = probabilities(calibrate(fitPinnability(few, { hidden: 0 }), few), matrix(few));
    // One more of each kind: 11 of 12, and 1 of 32.
    expect(sure[39]).toBeCloseTo(11 / 12, 1);
    expect(sure[0]).toBeCloseTo(1 / 32, 1);
    expect([...sure]).toEqual([...sure].sort((a, b) => a - b));
  });

  it.each([
    [0, 1 / 42, 'none was saved'],
    [1, 41 / 42, 'every one was saved'],
  ])('means something where every label is %i, and keeps the order', (label, target, said) => {
    const values = fresh.values.subarray(0, 40 * fresh.names.length);
    const labels = new Uint8Array(40).fill(label);
    const few = { ...fresh, values, labels, weights: new Float32Array(40).fill(1), offsets: Uint32Array.of(0, 40) };
    const notes: string[] = [];
    const shifted = calibrate(fitted, few, { ...silentProgress, note: (text) => notes.push(text) });
    expect(notes).toEqual([expect.stringContaining(said)]);
    const rough = probabilities(shifted, matrix(few));
    // One more of each kind.
    expect(rough.reduce((sum, chance) => sum + chance, 0) / 40).toBeCloseTo(target, 4);
    expect(shifted.weights).toEqual(fitted.weights);
  });

  it('ranks saved pins above others', () => {
    expect(auc(chances, fresh.labels)).toBeGreaterThan(0.85);
  });
});

describe('the hidden layer', () => {
  /** Saved are the pins whose two features have one sign, whatever it is: no weighted sum tells them apart. */
  function crossedExamples(queries: number, seed: number): RankingExamples {
    const stream = random(seed);
    const rows = Array.from({ length: queries * 20 }, () => [stream.normal(), stream.normal()]);
    return {
      names: ['a', 'b'],
      values: Float32Array.from(rows.flat()),
      labels: Uint8Array.from(rows, ([a, b]) => (a * b > 0.5 ? 1 : 0)),
      weights: new Float32Array(rows.length).fill(1),
      offsets: Uint32Array.from({ length: queries + 1 }, (_, query) => 20 * query),
    };
  }
  const [seen, unseen] = [crossedExamples(500, 1), crossedExamples(100, 2)];
  const aucOf = (hidden: number): number =>
    auc([...scoresOf(fitPinnability(seen, { hidden }), matrix(unseen))], [...unseen.labels]);

  it('finds an interaction that no linear score can', () => {
    expect(aucOf(0)).toBeLessThan(0.6);
    expect(aucOf(16)).toBeGreaterThan(0.97);
  });

  it('is left out where there are too few queries to fit it, and with the logistic loss', () => {
    expect(fitPinnability(crossedExamples(20, 1)).hidden).toBeUndefined();
    expect(fitPinnability(seen, { loss: 'logistic' }).hidden).toBeUndefined();
  });

  it('keeps its order when it is calibrated', () => {
    const model = fitPinnability(seen);
    const calibrated = calibrate(model, unseen);
    const order = (of: typeof model): number[] => {
      const scores = scoresOf(of, matrix(unseen));
      return [...scores.keys()].toSorted((a, b) => scores[b] - scores[a]);
    };
    expect(calibrated).not.toEqual(model);
    expect(order(calibrated)).toEqual(order(model));
  });
});
