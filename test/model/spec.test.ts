import { describe, expect, it } from 'vitest';
import { pinSageSpec } from '../../src/model/spec.js';

describe('a spec of a transformer', () => {
  it('is taken where heads divide the columns and folds keep a pair from its own board', () => {
    expect(pinSageSpec({ aggregator: 'transformer', hidden: 12, heads: 3 })).toMatchObject({ heads: 3, folds: 4 });
  });

  it('is refused where heads do not divide the columns', () => {
    expect(() => pinSageSpec({ aggregator: 'transformer', hidden: 10, heads: 4 })).toThrow(
      expect.objectContaining({ code: 'bad_option', subject: { field: 'heads' } }),
    );
    expect(pinSageSpec({ hidden: 10, heads: 4 }).hidden).toBe(10);
  });

  it('is refused where nothing keeps the board of a pair from its pins', () => {
    expect(() => pinSageSpec({ aggregator: 'transformer', folds: 1 })).toThrow(/Set folds to 2 or more/);
  });
});

it('names the field that is wrong', () => {
  expect(() => pinSageSpec({ aggregator: 'attention' as never })).toThrow(
    expect.objectContaining({ code: 'bad_option', subject: { field: 'aggregator' } }),
  );
});

it.each([
  [{ layerz: 1 }, 'layerz', /has no field "layerz": there are features, aggregator, layers,/],
  [{ features: { widht: 8 } }, 'features.widht', /has no field "features\.widht": there are width, /],
  [{ layers: -1 }, 'layers', /layers must be >= 0; it is -1/],
  [{ temperature: 1e-30 }, 'temperature', /temperature must be >= 0.001; it is 1e-30/],
  [{ layers: 0 }, 'layers', /set layers to 1, or aggregator to linear/],
  [{ axes: 64 }, 'axes', /set axes to 0, or aggregator to linear/],
])('says what is wrong with %j, and what there is instead', (partial, field, message) => {
  expect(() => pinSageSpec(partial as never)).toThrow(
    expect.objectContaining({ code: 'bad_option', subject: { field }, message: expect.stringMatching(message) }),
  );
});
