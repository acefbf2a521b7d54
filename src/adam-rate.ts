/** Adam's constants as its authors give them (Kingma and Ba, 2015). */
export const adamConstants = { decay1: 0.9, decay2: 0.999, epsilon: 1e-8 } as const;

/** The learning rate of the nth step, from 1, with both bias corrections folded into it. */
export function adamRate(learningRate: number, steps: number): number {
  const { decay1, decay2 } = adamConstants;
  return (learningRate * Math.sqrt(1 - decay2 ** steps)) / (1 - decay1 ** steps);
}
