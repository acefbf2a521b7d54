import { join } from 'node:path';
import { random, shuffle } from '../../src/random.js';
import { rowsOf, writeTsv } from './text-file.js';

/** Films rated so, or better, are pins of a person's board. */
export const liked = 4;
/** Of the liked films of each person, drawn by chance, the share that is the test; none of people with fewer than five. */
const testShare = 0.2;
const leastLiked = 5;
const splitStream = 0x6d6c;

/**
 * MovieLens 100k as RecBole brings it (`ml-100k.inter`, `ml-100k.item`): people act as boards. The split is by chance,
 * for most people rated all their films in one sitting.
 */
export async function convertMovielens100k(source: string, out: string): Promise<Record<string, number>> {
  const boards = new Map<string, string[]>();
  for await (const [person, film, rating] of rowsOf(source, 'ml-100k.inter')) {
    if (Number(rating) < liked) continue;
    const films = boards.get(person);
    if (films) films.push(film);
    else boards.set(person, [film]);
  }
  const [known, test]: [string[][], string[][]] = [[], []];
  for (const [person, films] of boards) {
    const hidden = films.length < leastLiked ? 0 : Math.floor(testShare * films.length);
    films.sort();
    const drawn = shuffle(Uint32Array.from(films.keys()), random(splitStream, Number(person)));
    drawn.forEach((film, place) => (place < hidden ? test : known).push([person, films[film]]));
  }
  const pins: string[][] = [];
  for await (const [film, title, year = '', genres = ''] of rowsOf(source, 'ml-100k.item'))
    pins.push([film, title, `${genres} ${year}`]);
  const pairs = ['board_id', 'pin_id'];
  return {
    'edges.tsv': await writeTsv(join(out, 'edges.tsv'), pairs, known),
    'test.tsv': await writeTsv(join(out, 'test.tsv'), pairs, test),
    'pins.tsv': await writeTsv(join(out, 'pins.tsv'), ['pin_id', 'title', 'text'], pins),
  };
}
