import { expect, it } from 'vitest';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { encodePins, fitFeatures } from '../../src/model/features.js';
import { pinSageSpec } from '../../src/model/spec.js';

const pins = Array.from({ length: 100 }, (_, pin) => `p${pin}`);
const edges = { pins: Uint32Array.of(0, 1), boards: Uint32Array.of(0, 0) };

it.each([1, 5, 100])('brings a column in at the same size where %i pins of a hundred have a vector', async (held) => {
  const values = Float32Array.from({ length: 200 }, (_, i) => (i < 2 * held ? 3 + (i % 2) : 0));
  const graph = memoryGraph({ pins, boards: ['b'], edges, features: [{ name: 'look', dimension: 2, values }] });
  const { features } = pinSageSpec({ features: { logDegree: false } });
  const { dense } = encodePins(graph, features, await fitFeatures(graph, features, 1));
  for (let pin = 0; pin < 100; pin++)
    expect(Math.hypot(...dense.values.subarray(pin * dense.width, (pin + 1) * dense.width))).toBeCloseTo(
      pin < held ? 4 : 0,
      5,
    );
});
