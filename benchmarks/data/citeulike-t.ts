import { join } from 'node:path';
import { linesOf, rowsOf, writeTsv } from './text-file.js';

/** Every pin's words, each as often as it occurs, pins of the cold test included. */
async function* texts(source: string): AsyncGenerator<string[]> {
  const vocabulary: string[] = [];
  for await (const word of linesOf(source, 'vocabulary.txt')) vocabulary.push(word);
  for await (const [pin, words = ''] of rowsOf(source, 'pin_words.tsv')) {
    const text = words.split(' ').flatMap((entry) => {
      const [word, count] = entry.split(':');
      return entry === '' ? [] : Array<string>(Number(count)).fill(vocabulary[Number(word)]);
    });
    yield [pin, text.join(' ')];
  }
}

/** People's libraries of papers: `edges.tsv`, `pins.tsv`, `test_warm.tsv` and `test_cold.tsv`. */
export async function convertCiteulike(source: string, out: string): Promise<Record<string, number>> {
  const pairs = ['board_id', 'pin_id'];
  return {
    'edges.tsv': await writeTsv(join(out, 'edges.tsv'), pairs, rowsOf(source, 'train.tsv')),
    'pins.tsv': await writeTsv(join(out, 'pins.tsv'), ['pin_id', 'text'], texts(source)),
    'test_warm.tsv': await writeTsv(join(out, 'test_warm.tsv'), pairs, rowsOf(source, 'test_warm.tsv')),
    'test_cold.tsv': await writeTsv(join(out, 'test_cold.tsv'), pairs, rowsOf(source, 'test_cold.tsv')),
  };
}
