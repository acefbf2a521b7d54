import { expect, it } from 'vitest';
import { pinSageDefaults } from '../../src/model/spec.js';
import { suitedSpec } from '../../src/pipeline/suited-spec.js';
import { plantedGraph } from '../training/planted-graph.js';

const [withText, idsAlone] = [plantedGraph(), plantedGraph({ text: false })];

it('has ids added up where a graph holds nothing else', () => {
  expect(suitedSpec(idsAlone).pinsage).toMatchObject({ aggregator: 'linear', layers: 1, queryPins: 64 });
  expect(suitedSpec(withText).pinsage).toEqual(pinSageDefaults);
});

it('leaves what the user asks for', () => {
  const { pinsage } = suitedSpec(idsAlone, { pinsage: { epochs: 2, features: { width: 64 }, dimension: 64 } });
  expect(pinsage).toMatchObject({ aggregator: 'linear', epochs: 2, dimension: 64 });
  expect(pinsage.features).toMatchObject({ width: 64, logDegree: false });
  expect(suitedSpec(idsAlone, { pinsage: { aggregator: 'convolution' } }).pinsage).toEqual(pinSageDefaults);
  expect(suitedSpec(idsAlone, { pinsage: { features: { ids: 'never' } } }).pinsage.aggregator).toBe('convolution');
});
