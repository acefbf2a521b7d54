import { expect, it } from 'vitest';
import { idsAloneDefaults, pinSageDefaults, sumsDefaults } from '../../src/model/spec.js';
import { suitedSpec } from '../../src/pipeline/suited-spec.js';
import { plantedGraph } from '../training/planted-graph.js';

const [withText, idsAlone] = [plantedGraph(), plantedGraph({ text: false })];

it('has rows added up unless convolutions are asked for', () => {
  expect(suitedSpec(withText).pinsage).toEqual(sumsDefaults);
  expect(suitedSpec(idsAlone).pinsage).toEqual(idsAloneDefaults);
  for (const graph of [withText, idsAlone])
    expect(suitedSpec(graph, { pinsage: { aggregator: 'convolution' } }).pinsage).toEqual(pinSageDefaults);
});

it('leaves what the user asks for', () => {
  const { pinsage } = suitedSpec(idsAlone, { pinsage: { epochs: 2, features: { width: 64 }, dimension: 64 } });
  expect(pinsage).toMatchObject({ aggregator: 'linear', epochs: 2, dimension: 64 });
  expect(pinsage.features).toMatchObject({ width: 64, logDegree: false });
});

it.each([
  [{ aggregator: 'convolution' }, 'aggregator', 'stands under pinsage'],
  [{ ranker: { l3: 1 } }, 'ranker.l3', 'there are loss, l2, iterations, hidden, negatives'],
  [{ walks: 3 }, 'walks', 'there are pinsage, validation, sources, candidatesPerSource, ranker, blend'],
  [{ pinsage: 5 }, 'pinsage', 'must be object'],
])('says of %j where to mend it', (partial, field, mend) => {
  expect(() => suitedSpec(withText, partial as never)).toThrow(
    expect.objectContaining({ code: 'bad_option', subject: { field }, message: expect.stringContaining(mend) }),
  );
});
