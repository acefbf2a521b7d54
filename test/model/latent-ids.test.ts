import { beforeAll, describe, expect, it } from 'vitest';
import { degree } from '../../src/graph/graph.js';
import { openBackend } from '../../src/model/backends.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { placeIds } from '../../src/model/latent-ids.js';
import { type FeatureSpec, idsAloneDefaults, pinSageSpec } from '../../src/model/spec.js';
import type { Weight } from '../../src/model/weights.js';
import { smallGraph } from '../candidates/small-graph.js';

/** Boards mostly hold pins of one of four topics: every fourth pin is of the same. */
const graph = { ...smallGraph(120, 90), pinAttributes: { names: [], get: () => null } };
const width = 4;

async function placed(features: Partial<FeatureSpec>): Promise<{ before: Weight; after: Weight }> {
  const spec = pinSageSpec({ features: { width, ...features }, dimension: width }, idsAloneDefaults);
  const fit = await fitFeatures(graph, spec.features, 1);
  const weights = initialWeights(spec, fit, 1);
  const moved = await placeIds(weights, graph, spec, fit, 1);
  return { before: weights.get('ids') as Weight, after: moved.get('ids') as Weight };
}

/** The pins of the rows: those with boards. */
const pins = Array.from({ length: graph.pins.size }, (_, pin) => pin).filter(
  (pin) => degree(graph.topology.pins, pin) > 0,
);

/** The mean inner product of the rows of pairs of pins for which the condition holds. */
function meanProduct({ shape, values }: Weight, of: (pin: number, other: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < shape[0]; i++)
    for (let j = 0; j < i; j++) {
      if (!of(pins[i], pins[j])) continue;
      count++;
      for (let c = 0; c < width; c++) sum += values[i * width + c] * values[j * width + c];
    }
  return sum / count;
}

describe('where the rows of ids begin', () => {
  beforeAll(() => openBackend('cpu'));

  it('is near those of pins on the same boards', async () => {
    const { before, after } = await placed({ idStart: 'boards' });
    const apart = (weight: Weight): number =>
      meanProduct(weight, (pin, other) => pin % 4 === other % 4) -
      meanProduct(weight, (pin, other) => pin % 4 !== other % 4);
    expect(Math.abs(apart(before))).toBeLessThan(0.1);
    expect(apart(after)).toBeGreaterThan(0.3);
    const square = after.values.reduce((sum, value) => sum + value * value, 0) / after.shape[0];
    expect(Math.sqrt(square)).toBeCloseTo(2, 4);
  });

  it('is anywhere where the spec says so, and where pins share rows', async () => {
    for (const features of [{ idStart: 'random' }, { idStart: 'boards', idBuckets: 50 }] as const) {
      const { before, after } = await placed(features);
      expect(after).toBe(before);
    }
  });
});
