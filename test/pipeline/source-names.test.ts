import { expect, it } from 'vitest';
import { sourceNamesFor } from '../../src/pipeline/fit-model.js';
import { plantedGraph } from '../training/planted-graph.js';

const [withText, idsAlone] = [plantedGraph(), plantedGraph({ text: false })];

it('reads words where there are any', () => {
  expect(sourceNamesFor(withText, { sources: [] })).toEqual(expect.arrayContaining(['content', 'pintext']));
  const alone = sourceNamesFor(idsAlone, { sources: [] });
  expect(alone).toContain('pinsage');
  for (const name of ['content', 'pintext']) expect(alone).not.toContain(name);
});

it('takes those that are asked for, and refuses to train words that are not there', () => {
  expect(sourceNamesFor(withText, { sources: ['pintext', 'ease'] })).toEqual(['pintext', 'ease']);
  expect(() => sourceNamesFor(idsAlone, { sources: ['pintext'] })).toThrow(
    expect.objectContaining({ code: 'bad_option', subject: { field: 'sources' } }),
  );
});
