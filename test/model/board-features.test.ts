import { describe, expect, it } from 'vitest';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { encodeNodes } from '../../src/model/board-features.js';
import { fitFeatures, type PinInputs } from '../../src/model/features.js';
import { type PartialPinSageSpec, pinSageSpec } from '../../src/model/spec.js';

const columns = [{ name: 'visual', dimension: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) }];

/** Board 0 holds pins 0 and 2, board 1 pin 1, board 2 nothing. */
async function inputs(partial: PartialPinSageSpec, features = columns): Promise<PinInputs> {
  const graph = memoryGraph({
    pins: ['a', 'b', 'c'],
    boards: ['x', 'y', 'z'],
    edges: { boards: Uint32Array.of(0, 0, 1), pins: Uint32Array.of(0, 2, 1) },
    features,
  });
  const spec = pinSageSpec({ aggregator: 'transformer', features: { width: 4, idBuckets: 1024 }, ...partial });
  return encodeNodes(graph, spec, await fitFeatures(graph, spec.features, 1));
}

describe('the inputs of boards', () => {
  it("are the mean of their pins' content, with log degree at its mean", async () => {
    const { dense, boards } = await inputs({});
    const { width, values } = dense;
    expect(width).toBe(3);
    const found = Array.from(boards?.dense.values ?? []);
    [0, 1].forEach((j) => expect(found[j]).toBeCloseTo((values[j] + values[2 * width + j]) / 2, 6));
    [0, 1].forEach((j) => expect(found[width + j]).toBeCloseTo(values[width + j], 6));
    expect(found.slice(2 * width)).toEqual([0, 0, 0]);
    expect([found[2], found[5]]).toEqual([0, 0]);
    expect(boards?.ids).toBeUndefined();
  });

  it("are the mean of their pins' rows of ids where there is no content", async () => {
    const { ids, boards } = await inputs({}, []);
    expect(boards?.ids?.shape).toEqual([3, 3]);
    expect(Array.from(boards?.ids?.offsets ?? [])).toEqual([0, 2, 3, 3]);
    expect(Array.from(boards?.ids?.columns ?? [])).toEqual([0, 2, 1].map((e) => ids?.columns[e]));
    expect(Array.from(boards?.ids?.values ?? [])).toEqual([0.5, 0.5, 1]);
    expect(boards?.dense.values.every((value) => value === 0)).toBe(true);
  });

  it('are not made for convolutions', async () => {
    expect((await inputs({ aggregator: 'convolution' })).boards).toBeUndefined();
  });
});
