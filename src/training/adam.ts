import * as tf from '@tensorflow/tfjs-core';
import { adamConstants, adamRate } from '../adam-rate.js';
import { arithmetic } from '../model/arithmetic/choose.js';
import type { Weight, Weights } from '../model/weights.js';

const { decay1, decay2, epsilon } = adamConstants;

interface Moments {
  first: tf.Variable;
  second: tf.Variable;
}

/** Adam over named variables (Kingma and Ba, 2015), with its state open to checkpoints. */
export class Adam {
  readonly #variables: ReadonlyMap<string, tf.Variable>;
  readonly #moments: Map<string, Moments>;
  #steps: number;

  constructor(variables: ReadonlyMap<string, tf.Variable>, state?: { steps: number; moments: Weights }) {
    this.#variables = variables;
    this.#steps = state?.steps ?? 0;
    const start = (name: string, shape: number[]): tf.Variable => {
      const kept = state?.moments.get(name);
      return tf.tidy(() => tf.variable(kept ? tf.tensor(kept.values, shape) : tf.zeros(shape), false));
    };
    this.#moments = new Map(
      [...variables].map(([name, { shape }]) => [
        name,
        { first: start(`${name}#first`, shape), second: start(`${name}#second`, shape) },
      ]),
    );
  }

  get steps(): number {
    return this.#steps;
  }

  /** Moves every variable that has a gradient; the gradients stay the caller's. */
  apply(gradients: Record<string, tf.Tensor>, learningRate: number): void {
    this.#steps++;
    const rate = adamRate(learningRate, this.#steps);
    for (const [name, variable] of this.#variables) {
      const gradient = gradients[variable.name];
      const { first, second } = this.#moments.get(name) as Moments;
      if (gradient) tf.tidy(() => adamStep(variable, gradient, first, second, rate));
    }
  }

  /** Both moments of every variable, for a checkpoint. */
  async moments(): Promise<Weights> {
    const moments = new Map<string, Weight>();
    for (const [name, { first, second }] of this.#moments) {
      moments.set(`${name}#first`, { shape: first.shape, values: (await first.data()) as Float32Array });
      moments.set(`${name}#second`, { shape: second.shape, values: (await second.data()) as Float32Array });
    }
    return moments;
  }

  dispose(): void {
    for (const { first, second } of this.#moments.values()) tf.dispose([first, second]);
  }
}

/** Moves a variable by its gradient at the rate of `adamRate`, and its moments with it. To be called within `tf.tidy`. */
export function adamStep(
  variable: tf.Variable,
  gradient: tf.Tensor,
  first: tf.Variable,
  second: tf.Variable,
  rate: number,
): void {
  const { adam } = arithmetic();
  if (adam) return variable.assign(adam(variable, gradient, first, second, { rate, decay1, decay2, epsilon }));
  first.assign(tf.add(tf.mul(first, decay1), tf.mul(gradient, 1 - decay1)));
  second.assign(tf.add(tf.mul(second, decay2), tf.mul(tf.square(gradient), 1 - decay2)));
  variable.assign(tf.sub(variable, tf.mul(tf.div(first, tf.add(tf.sqrt(second), epsilon)), rate)));
}
