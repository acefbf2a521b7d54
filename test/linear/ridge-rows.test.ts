import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/linear/dense-matrix.js';
import { ridgeRowSolver } from '../../src/linear/ridge-rows.js';
import { random } from '../../src/random.js';

describe('a ridge row', () => {
  const d = 6;
  const stream = random(7);
  const fixed: Matrix = matrix(
    40,
    d,
    Float32Array.from({ length: 40 * d }, () => stream.normal()),
  );
  const curvature = Float64Array.from({ length: d }, () => 1 + stream.float());

  it.each([1, 3, d, d + 1, 25])('solves the normal equations of %i weighted observations', (count) => {
    const rows = Uint32Array.from({ length: count }, (_, i) => (i * 7) % 40);
    const weights = Float32Array.from({ length: count }, () => 0.5 + stream.float());
    const ridge = 0.3;
    const out = new Float32Array(d);
    ridgeRowSolver(fixed, curvature)({ rows, weights, ridge }, out);
    for (let f = 0; f < d; f++) {
      let gradient = (curvature[f] + ridge) * out[f];
      rows.forEach((row, i) => {
        let predicted = 0;
        for (let g = 0; g < d; g++) predicted += out[g] * fixed.values[row * d + g];
        gradient += weights[i] * (predicted - 1) * fixed.values[row * d + f];
      });
      expect(gradient).toBeCloseTo(0, 4);
    }
  });
});
