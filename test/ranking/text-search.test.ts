import * as fc from 'fast-check';
import MiniSearch from 'minisearch';
import { describe, expect, it } from 'vitest';
import { Vocabulary } from '../../src/data/vocabulary.js';
import type { Attributes } from '../../src/graph/graph.js';
import { type GraphNow, graphNow } from '../../src/graph/graph-view.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { searchWords } from '../../src/ranking/search-words.js';
import { TextSearch } from '../../src/ranking/text-search.js';

/** Pins by title, each on so many boards; ids are `pin 0` and on unless given. */
function graphOf(pins: readonly { title: string; boards: number; id?: string }[]): GraphNow {
  const edges = pins.flatMap(({ boards }, pin) => Array.from({ length: boards }, (_, board) => [board, pin]));
  return graphNow(
    memoryGraph({
      pins: pins.map(({ id }, pin) => id ?? `pin ${pin}`),
      boards: Array.from({ length: 500 }, (_, board) => `board ${board}`),
      edges: {
        boards: Uint32Array.from(edges, ([board]) => board),
        pins: Uint32Array.from(edges, ([, pin]) => pin),
      },
      pinAttributes: { title: pins.map(({ title }) => title) },
    }),
  );
}

const searchOver = (pins: Parameters<typeof graphOf>[0]): TextSearch => new TextSearch(graphOf(pins));

describe('search', () => {
  const search = searchOver([
    { title: 'cars', boards: 500 },
    { title: 'catsuits', boards: 400 },
    { title: 'cats and other animals that live in houses', boards: 0 },
    { title: 'white cats', boards: 300 },
    { title: 'black cats', boards: 1 },
    { title: 'grey cats', boards: 1 },
    { title: 'boats', boards: 0, id: 'cat' },
  ]);
  const titles = (text: string): (string | null)[] => search.search(text, 10).map(({ title }) => title);

  it('puts words that begin as typed before words alike, however popular', () => {
    const found = titles('cats');
    expect(found.slice(0, 5).every((title) => /\bcats/.test(title ?? ''))).toBe(true);
    expect(found.slice(5)).toEqual(['cars', 'boats']);
  });

  it('weighs the very word more than a longer one, and a pin on many boards more than one on few', () => {
    expect(titles('cats').filter((title) => title?.endsWith(' cats'))).toEqual([
      'white cats',
      'black cats',
      'grey cats',
    ]);
    const level = searchOver(['catsuits', 'cats'].map((title) => ({ title, boards: 9 })));
    expect(level.search('cats', 2).map(({ title }) => title)).toEqual(['cats', 'catsuits']);
  });

  it('gives the pin of the very id first', () => {
    expect(titles('cat')[0]).toBe('boats');
  });

  it('finds pins by the words that they have by now, and none that is gone', () => {
    const names = ['zero cats', 'one cats', 'two cats'];
    const graph = graphOf(names.map((title) => ({ title, boards: 1 })));
    const ids = [...graph.pins.ids()];
    const describedPins: number[] = [];
    const pinAttributes: Attributes = {
      names: ['title'],
      get: (name, pin) => (name === 'title' ? names[pin] : null),
    };
    const changing = new TextSearch({ ...graph, pins: new Vocabulary(ids), pinAttributes, describedPins });
    const found = (text: string): (string | null)[] => changing.search(text, 10).map(({ title }) => title);
    expect(found('cats')).toEqual(names);
    names[1] = 'one renamed';
    ids[2] = '';
    describedPins.push(1, 1);
    expect(found('cats')).toEqual(['zero cats']);
    expect(found('renamed')).toEqual(['one renamed']);
  });

  it('finds words within text that is written without spaces, as they are typed', () => {
    const names = ['夜桜さよなら🎸', '東京の夜に降る雨', 'ラブソング2024', 'ฉันรักกรุงเทพ', '👩‍🎤 live 👍🏽', '猫'];
    const unspaced = searchOver(names.map((title) => ({ title, boards: 1 })));
    const found = (text: string): (string | null)[] => unspaced.search(text, 10).map(({ title }) => title);
    for (const [typed, ...expected] of [
      ['さよなら', names[0]],
      ['夜', names[0], names[1]],
      ['桜', names[0]],
      ['降る雨', names[1]],
      ['雨', names[1]],
      ['2024', names[2]],
      ['กรุง', names[3]],
      ['🎸', names[0]],
      ['🎤', names[4]],
      ['👍', names[4]],
      ['猫', names[5]],
      ['東雨'],
    ])
      expect(found(typed).toSorted(), typed).toEqual(expected.toSorted());
  });

  it('leaves words as they are that stand beside an emoji', () => {
    expect(searchWords('ශ්\u200dරී ලංකා 🇱🇰')).toEqual(['ශ්\u200dරී', 'ලංකා', '🇱🇰']);
  });

  it('knows texts of spaced scripts by what stands between spaces and punctuation', () => {
    const spaced = MiniSearch.getDefault('tokenize') as (text: string) => string[];
    for (const text of [
      'Über-Graphs: x2, don’t',
      'naïve café — №5 + 3 = 8',
      '한국어 노래',
      'हिन्दी, привет, пʼять',
      '',
      ' a  b ',
    ])
      expect(searchWords(text), text).toEqual(spaced(text));
    fc.assert(
      fc.property(fc.string({ unit: fc.integer({ min: 0x20, max: 0x52f }).map(String.fromCharCode) }), (text) => {
        fc.pre(!/[©®]/.test(text));
        expect(searchWords(text)).toEqual(spaced(text));
      }),
    );
  });
});
