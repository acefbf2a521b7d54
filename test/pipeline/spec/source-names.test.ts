import { expect, it } from 'vitest';
import { sourceNamesFor } from '../../../src/pipeline/spec/source-names.js';
import { plantedGraph } from '../../training/planted-graph.js';

const [withText, idsAlone] = [plantedGraph(), plantedGraph({ text: false })];

it('reads words where there are any', () => {
  expect(sourceNamesFor(withText, { sources: [] })).toEqual(expect.arrayContaining(['content', 'pintext', 'mapped']));
  const alone = sourceNamesFor(idsAlone, { sources: [] });
  expect(alone).toEqual(expect.arrayContaining(['pinsage', 'mapped']));
  for (const name of ['content', 'pintext']) expect(alone).not.toContain(name);
});

it('takes those that are asked for, and refuses words that are not there', () => {
  expect(sourceNamesFor(withText, { sources: ['pintext', 'ease'] })).toEqual(['pintext', 'ease']);
  for (const name of ['pintext', 'content'] as const)
    expect(() => sourceNamesFor(idsAlone, { sources: ['popularity', name] })).toThrow(
      expect.objectContaining({
        code: 'bad_option',
        message: expect.stringContaining(`"${name}"`),
        subject: { field: 'sources' },
      }),
    );
});

it('takes mapped factors with those that are mapped alone', () => {
  expect(sourceNamesFor(idsAlone, { sources: ['ials', 'mapped'] })).toEqual(['ials', 'mapped']);
  expect(() => sourceNamesFor(idsAlone, { sources: ['mapped', 'popularity'] })).toThrow(
    expect.objectContaining({
      code: 'bad_option',
      message: expect.stringContaining('name "ials"'),
      subject: { field: 'sources' },
    }),
  );
});

it('refuses a PinText that is set up where it has no words, unless the sources leave it out', () => {
  const asked = { pintext: { epochs: 2 } };
  expect(() => sourceNamesFor(idsAlone, { sources: [] }, asked)).toThrow(
    expect.objectContaining({ code: 'bad_option', subject: { field: 'pintext' } }),
  );
  expect(sourceNamesFor(withText, { sources: [] }, asked)).toContain('pintext');
  expect(sourceNamesFor(idsAlone, { sources: ['popularity'] }, asked)).toEqual(['popularity']);
});
