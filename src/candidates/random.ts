import { random } from '../random.js';
import { withDefaults } from '../with-defaults.js';
import type { CandidateSource } from './candidate-source.js';
import { scoredSource } from './scored-source.js';

export interface RandomSourceOptions {
  seed: number;
}

export const randomSourceDefaults: RandomSourceOptions = { seed: 1 };

/** Pins in random order: the floor under every comparison. The order depends on the seed and the query's pins. */
export function randomSource(pinCount: number, options: Partial<RandomSourceOptions> = {}): CandidateSource {
  const { seed } = withDefaults(randomSourceDefaults, options);
  return scoredSource({
    name: 'random',
    pinCount,
    fill(query, scores) {
      const stream = random(seed, ...query.pins.subarray(0, 16), query.pins.length);
      // 1 - float() lies in (0, 1], above the floor of retrieval.
      for (let pin = 0; pin < scores.length; pin++) scores[pin] = 1 - stream.float();
    },
  });
}
