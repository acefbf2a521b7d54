import { withDefaults } from '../with-defaults.js';
/** Writes the gradient at `x` and returns the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  iterations: number;
  /** Stop once the largest gradient component is this small. */
  tolerance: number;
  /** Steps remembered for the curvature. */
  memory: number;
}

export const minimiseDefaults: MinimiseOptions = { iterations: 200, tolerance: 1e-6, memory: 10 };

const sufficientDecrease = 1e-4;
const mostHalvings = 40;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

interface Step {
  readonly move: Float64Array;
  readonly bend: Float64Array;
  readonly curvature: number;
}

/** The two-loop recursion: an approximate inverse Hessian times the gradient. */
function direction(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const d = gradient.map((g) => -g);
  const shares = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    const { move, bend, curvature } = steps[k];
    shares[k] = dot(move, d) / curvature;
    for (let i = 0; i < d.length; i++) d[i] -= shares[k] * bend[i];
  }
  const last = steps.at(-1);
  const scale = last ? last.curvature / dot(last.bend, last.bend) : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
  for (let i = 0; i < d.length; i++) d[i] *= scale;
  steps.forEach(({ move, bend, curvature }, k) => {
    const correction = shares[k] - dot(bend, d) / curvature;
    for (let i = 0; i < d.length; i++) d[i] += correction * move[i];
  });
  return d;
}

/** Minimises a smooth function by limited-memory BFGS with a backtracking line search (Nocedal and Wright, 7.2). */
export function minimise(
  objective: Objective,
  start: Float64Array,
  options: Partial<MinimiseOptions> = {},
): { x: Float64Array; value: number; iterations: number } {
  const { iterations, tolerance, memory } = withDefaults(minimiseDefaults, options);
  let x = Float64Array.from(start);
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const steps: Step[] = [];
  let iteration = 0;
  for (; iteration < iterations; iteration++) {
    if (gradient.every((g) => Math.abs(g) <= tolerance)) break;
    const d = direction(gradient, steps);
    const slope = dot(d, gradient);
    let length = 1;
    let next = x;
    let nextValue = Number.POSITIVE_INFINITY;
    const nextGradient = new Float64Array(x.length);
    for (let halving = 0; halving < mostHalvings; halving++, length /= 2) {
      next = x.map((coordinate, i) => coordinate + length * d[i]);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + sufficientDecrease * length * slope) break;
    }
    if (!(nextValue < value)) break;
    const move = next.map((coordinate, i) => coordinate - x[i]);
    const bend = nextGradient.map((g, i) => g - gradient[i]);
    const curvature = dot(move, bend);
    if (curvature > 1e-12) steps.push({ move, bend, curvature });
    if (steps.length > memory) steps.shift();
    x = next;
    value = nextValue;
    gradient = nextGradient;
  }
  return { x, value, iterations: iteration };
}
