import { expect, it } from 'vitest';
import { minimise } from '../../src/ranking/minimise.js';

it('finds the lowest point of a bent valley', () => {
  const { x } = minimise(
    ([a, b], gradient) => {
      gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
      gradient[1] = 200 * (b - a * a);
      return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    },
    Float64Array.of(-1.2, 1),
    { iterations: 500 },
  );
  expect(x[0]).toBeCloseTo(1, 4);
  expect(x[1]).toBeCloseTo(1, 4);
});

it('stays where it starts when the gradient is nought', () => {
  const { iterations } = minimise(() => 0, Float64Array.of(3));
  expect(iterations).toBe(0);
});
