import { type PixieOptions, pixieDefaults, type WalkKernel } from '../sampling/kernel.js';
import { withDefaults } from '../with-defaults.js';
import type { CandidateSource } from './candidate-source.js';
import { evenSpread } from './even-spread.js';
import { scoredSource } from './scored-source.js';

export interface PixieSourceOptions extends PixieOptions {
  /** Query pins walked from, an even spread where there are more: the steps do not stretch further. */
  maxQueryPins: number;
}

export const pixieSourceDefaults: PixieSourceOptions = { ...pixieDefaults, steps: 10_000, maxQueryPins: 200 };

/** Live random walks from the query's pins (Eksombatchai et al., WWW 2018); scores are visit counts. */
export function pixieSource(
  kernel: WalkKernel,
  pinCount: number,
  options: Partial<PixieSourceOptions> = {},
): CandidateSource {
  const { maxQueryPins, ...walk } = withDefaults(pixieSourceDefaults, options);
  return scoredSource({
    name: 'pixie',
    pinCount,
    fill(query, scores) {
      if (query.pins.length === 0) return;
      const { pins, counts } = kernel.pixie(
        evenSpread(query.pins, maxQueryPins),
        evenSpread(query.weights, maxQueryPins),
        pinCount,
        { ...walk, ...query.walk },
      );
      // A graph that changes while it is walked may have pins by now that the other sources do not know.
      for (let i = 0; i < pins.length; i++) if (pins[i] < pinCount) scores[pins[i]] = counts[i];
    },
  });
}
