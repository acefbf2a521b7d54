import { expect, it } from 'vitest';
import {
  convolutionDefaults,
  idsAloneDefaults,
  type PinSageSpec,
  pinTextDefaults,
  sumsDefaults,
} from '../../../src/model/spec.js';
import type { Graph } from '../../../src/graph/graph.js';
import { trainSpecOf } from '../../../src/pipeline/spec/model-spec.js';
import { suitedSpec } from '../../../src/pipeline/spec/suited-spec.js';
import type { PartialTrainSpec, TrainSpec } from '../../../src/pipeline/spec/train-spec.js';
import { defaultTrainingNeed } from '../../../src/pipeline/training-need.js';
import { type WarmStart, warmSpec } from '../../../src/pipeline/weights/warm-start.js';
import type { ModelSpec } from '../../../src/registry/spec.js';
import { trainingBytes } from '../../../src/training/training-memory.js';
import { plantedGraph } from '../../training/planted-graph.js';

const [withText, idsAlone] = [plantedGraph(), plantedGraph({ text: false })];

it('has rows added up unless convolutions are asked for', () => {
  expect(suitedSpec(withText).pinsage).toEqual(sumsDefaults);
  expect(suitedSpec(idsAlone).pinsage).toEqual(idsAloneDefaults);
  for (const graph of [withText, idsAlone])
    expect(suitedSpec(graph, { pinsage: { aggregator: 'convolution' } }).pinsage).toEqual(convolutionDefaults);
});

it('has words alone for PinText, whatever PinSage reads', () => {
  for (const partial of [{}, { pinsage: { aggregator: 'convolution' } }] as const)
    expect(suitedSpec(withText, partial).pintext).toEqual([pinTextDefaults]);
  const { pintext } = suitedSpec(withText, { pintext: { epochs: 1, features: { wordDropout: 0 } } });
  expect(pintext).toHaveLength(1);
  expect(pintext[0]).toMatchObject({ layers: 0, epochs: 1, features: { ids: 'never', wordDropout: 0 } });
});

it('keeps marks in the words of new models, and reads words of older ones as they did', () => {
  const { pinsage, pintext } = suitedSpec(withText);
  expect([pinsage, ...pintext].map(({ features }) => features.wordMarks)).toEqual([true, true]);
  const older = ({ features, ...network }: PinSageSpec) => ({
    ...network,
    features: { ...features, wordMarks: undefined },
  });
  const { pinsage: sums, pintext: words } = trainSpecOf({
    ...({ validation: {}, ranker: {}, blend: {}, sources: [] } as unknown as ModelSpec),
    pinsage: older(pinsage),
    pintext: older(pintext[0]),
  });
  expect([sums, ...words].map(({ features }) => features.wordMarks)).toEqual([false, false]);
});

it('has as many PinTexts as a list tells of', () => {
  const gramsOf = (pintext: PartialTrainSpec['pintext']) =>
    suitedSpec(withText, { ...(pintext && { pintext }) }).pintext.map(({ features }) => features.characterGrams);
  expect(gramsOf([{}])).toEqual([5]);
  expect(gramsOf([{ epochs: 1 }, { features: { characterGrams: 0 } }])).toEqual([5, 0]);
});

it('tells what training takes of the networks that would be trained', () => {
  const bytesOf = (graph: Graph, { pinsage, pintext }: TrainSpec): number[] =>
    [pinsage, ...pintext].map((spec) => trainingBytes(graph, spec));
  const [sums, ...words] = bytesOf(withText, suitedSpec(withText));
  expect(defaultTrainingNeed(withText)).toBe(Math.max(sums, ...words));
  const [ids] = bytesOf(idsAlone, suitedSpec(idsAlone));
  expect(defaultTrainingNeed(idsAlone)).toBe(ids);
});

it('leaves what the user asks for', () => {
  const { pinsage } = suitedSpec(idsAlone, { pinsage: { epochs: 2, features: { width: 64 }, dimension: 64 } });
  expect(pinsage).toMatchObject({ aggregator: 'linear', epochs: 2, dimension: 64 });
  expect(pinsage.features).toMatchObject({ width: 64, logDegree: false });
});

it.each([
  [{ aggregator: 'convolution' }, 'aggregator', 'stands under pinsage'],
  [{ ranker: { l3: 1 } }, 'ranker.l3', 'there are loss, l2, iterations, hidden, negatives'],
  [{ walks: 3 }, 'walks', 'there are pinsage, pintext, validation, sources, candidatesPerSource, ranker, blend'],
  [{ pinsage: 5 }, 'pinsage', 'must be object'],
  [{ pintext: { layerz: 1 } }, 'layerz', 'The PinText spec has no field "layerz"'],
  [{ pintext: [{}, { layerz: 1 }] }, 'layerz', 'The PinText spec [1] has no field "layerz"'],
  [{ pintext: 5 }, 'pintext', 'pintext must be object'],
  [{ pintext: [] }, 'pintext', 'pintext must not have fewer than 1 items'],
  [{ pintext: [{}, 3] }, 'pintext[1]', 'pintext[1] must be object'],
  [JSON.parse('{"__proto__": 1}'), '__proto__', 'there are pinsage, pintext, validation,'],
  [{ pinsage: { features: null } }, 'features', 'features must be object'],
  [{ pinsage: { features: [] } }, 'features', 'features must be object'],
  [{ validation: null }, 'validation', 'must be object'],
  [
    { sources: ['foo'] },
    'sources[0]',
    'must be one of popularity, content, itemknn, rp3beta, ease, gfcf, spectral, ials, pixie, pinsage, pintext, mapped',
  ],
  [{ sources: ['ease', 'ease'] }, 'sources', 'must not have duplicate items'],
  [{ ranker: { loss: 5 } }, 'ranker.loss', 'must be one of softmax, logistic'],
  [{ validation: { coldPinFraction: 2 } }, 'validation.coldPinFraction', 'must be auto or must be < 1'],
  [{ blend: { diversity: { longestRun: null } } }, 'blend.diversity.longestRun', 'must be integer'],
])('says of %j where to mend it', (partial, field, mend) => {
  expect(() => suitedSpec(withText, partial as never)).toThrow(
    expect.objectContaining({ code: 'bad_option', subject: { field }, message: expect.stringContaining(mend) }),
  );
});

it('takes the defaults of what is left out, however deep', () => {
  const { blend } = suitedSpec(withText);
  expect(suitedSpec(withText, { blend: { diversity: { longestRun: 3 } } }).blend).toEqual({
    ...blend,
    diversity: { ...blend.diversity, longestRun: 3 },
  });
});

it("keeps an older model's settings beside what is asked otherwise, however deep", () => {
  const older = suitedSpec(withText, { pinsage: { features: { width: 48 } }, blend: { likeness: { exponent: 0.25 } } });
  const asked = { pinsage: { features: { textBuckets: 64 } }, blend: { likeness: { boards: 9 } } };
  const { pinsage, blend } = warmSpec({ spec: older } as WarmStart, asked);
  expect(pinsage.features).toEqual({ ...older.pinsage.features, textBuckets: 64 });
  expect(blend.likeness).toEqual({ exponent: 0.25, boards: 9 });
});

it("keeps the number of an older model's PinTexts, and what each was", () => {
  const older = suitedSpec(withText, { pintext: [{}, { features: { characterGrams: 0 } }] });
  const { pintext } = warmSpec({ spec: older } as WarmStart, { pintext: { epochs: 1 } });
  expect(pintext).toEqual(older.pintext.map((each) => ({ ...each, epochs: 1 })));
  expect(warmSpec({ spec: older } as WarmStart, {}).pintext).toEqual(older.pintext);
});
