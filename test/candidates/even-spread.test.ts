import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { evenSpread } from '../../src/candidates/even-spread.js';
import { vectorSource } from '../../src/candidates/vector-source.js';
import { pixieSource } from '../../src/candidates/pixie.js';
import { walkKernelFor } from '../../src/sampling/choose-kernel.js';
import { smallGraph } from './small-graph.js';

describe('an even spread', () => {
  it('is a list that has no more, itself', () => {
    const list = Uint32Array.of(4, 5, 9);
    expect(evenSpread(list, 3)).toBe(list);
  });

  it('has entries as far apart from one another as whole steps allow, from the first on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 1, max: 299 }), (length, most) => {
        fc.pre(most < length);
        const spread = [
          ...evenSpread(
            Uint32Array.from({ length }, (_, i) => i),
            most,
          ),
          length,
        ];
        expect(spread).toHaveLength(most + 1);
        expect(spread[0]).toBe(0);
        const steps = spread.slice(1).map((entry, i) => entry - spread[i]);
        for (const step of steps) expect(Math.abs(step - length / most)).toBeLessThan(1);
      }),
    );
  });
});

describe('a query of more pins than a source looks at', () => {
  const graph = smallGraph();
  const pinCount = graph.pins.size;
  const long = Uint32Array.from({ length: 24 }, (_, i) => i);
  const [first, middle] = [0, 12];

  it('is walked from all over it', () => {
    const kernel = walkKernelFor(graph.topology);
    const walked: number[][] = [];
    const listening: typeof kernel = {
      ...kernel,
      pixie: (query, weights, ...rest) => {
        walked.push([...query], [...weights]);
        return kernel.pixie(query, weights, ...rest);
      },
    };
    const source = pixieSource(listening, pinCount, { maxQueryPins: 2 });
    source.retrieve({ pins: long, weights: Float32Array.from(long, (pin) => pin + 1) }, 5);
    expect(walked).toEqual([
      [first, middle],
      [1, 13],
    ]);
  });

  it('is compared with what lies near pins all over it', () => {
    const vectors = Float32Array.from({ length: 2 * pinCount }, (_, i) => Math.cos(i));
    const source = vectorSource({ dimension: 2, vectors }, { pooling: 'nearest', maxQueryPins: 2 });
    const others = Uint32Array.of(30, 41);
    const spread = source.score(evenQuery(Uint32Array.of(first, middle)), others);
    expect(source.score(evenQuery(long), others)).toEqual(spread);
  });
});
