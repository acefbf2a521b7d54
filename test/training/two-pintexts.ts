import type { PartialPinSageSpec } from '../../src/model/spec.js';

/** Two small networks of PinText, with character n-grams and of words alone, as a training spec lists them. */
export function twoPinTexts(schedule: Pick<PartialPinSageSpec, 'batchSize' | 'epochs'>): PartialPinSageSpec[] {
  const features = { width: 8, textBuckets: 256 };
  const words = { dimension: 8, negatives: 16, pairsPerEpoch: 256, ...schedule };
  return [
    { ...words, features },
    { ...words, features: { ...features, characterGrams: 0 } },
  ];
}
