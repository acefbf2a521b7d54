import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { literal, rowsOf, withDatabase } from '../../src/data/database.js';
import { importLightgcn } from '../../src/data/import-lightgcn.js';
import { importMovielens } from '../../src/data/import-movielens.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function rows(name: string): Promise<unknown[][]> {
  const path = join(folder, 'out', `${name}.parquet`);
  return withDatabase({}, async (connection) =>
    (await rowsOf(connection, `SELECT * FROM ${literal(path)}`)).map((row) => Object.values(row)),
  );
}

async function ratings(): Promise<unknown[][]> {
  return (await rows('edges')).map(([user, film, time]) => [user, film, (time as Date).toISOString()]);
}

describe('the LightGCN format', () => {
  test('gives train and test pairs, gzipped or not, users without items passed over', async () => {
    const train = file('train.txt.gz', gzipSync('0 5 7\n1 5\r\n2\n'));
    const counts = await importLightgcn({ train, test: file('test.txt', '0 9 \n'), out: join(folder, 'out') });
    expect(counts).toEqual({ boards: 2, edges: 3, test: 1 });
    expect(await rows('edges')).toEqual([
      ['0', '5'],
      ['0', '7'],
      ['1', '5'],
    ]);
    expect(await rows('test')).toEqual([['0', '9']]);
  });

  test('names a file that is missing, broken or empty', async () => {
    const test0 = file('test.txt', '0 1\n');
    const from = (train: string) => importLightgcn({ train, test: test0, out: join(folder, 'out') });
    await expect(from(join(folder, 'none.txt'))).rejects.toThrow(/none\.txt cannot be read/);
    await expect(from(file('bad.txt.gz', 'text'))).rejects.toThrow(/bad\.txt\.gz cannot be read/);
    await expect(from(file('empty.txt', '\n'))).rejects.toThrow(/holds no pair/);
  });
});

describe('MovieLens', () => {
  const expected = [
    ['1', '10', '1997-12-04T15:55:49.000Z'],
    ['2', '30', '1970-01-01T00:00:01.000Z'],
  ];
  test('keeps liked films with their times, from u.data', async () => {
    file('u.data', '2\t30\t4\t1\n1\t10\t5\t881250949\n1\t20\t3\t881250949\n');
    const counts = await importMovielens({ folder, out: join(folder, 'out') });
    expect(counts).toEqual({ boards: 2, pins: 2, edges: 2 });
    expect(await ratings()).toEqual(expected);
  });

  test('keeps liked films with their times, from ratings.csv', async () => {
    file('ratings.csv', 'userId,movieId,rating,timestamp\n1,10,4.0,881250949\n1,20,3.5,881250949\n2,30,4.5,1\n');
    await importMovielens({ folder, out: join(folder, 'out') });
    expect(await ratings()).toEqual(expected);
  });

  test('keeps liked films with their times, from ratings.dat', async () => {
    file('ratings.dat', '1::10::4::881250949\n1::20::3::881250949\n2::30::5::1\n');
    await importMovielens({ folder, out: join(folder, 'out') });
    expect(await ratings()).toEqual(expected);
  });

  test('is read from a folder whose name would match another as a pattern', async () => {
    for (const name of ['ml[1]', 'ml1']) mkdirSync(join(folder, name));
    file('ml1/ratings.csv', 'userId,movieId,rating,timestamp\n2,20,4.0,1\n3,20,4.0,1\n');
    file('ml1/movies.csv', 'movieId,title,genres\n20,B,War\n30,C,War\n');
    file('ml[1]/ratings.csv', 'userId,movieId,rating,timestamp\n1,10,4.0,1\n');
    file('ml[1]/movies.csv', 'movieId,title,genres\n10,A,War\n');
    expect(await importMovielens({ folder: join(folder, 'ml[1]'), out: join(folder, 'out') })).toEqual({
      boards: 1,
      pins: 1,
      edges: 1,
    });
  });

  describe('names films and their genres, those that nobody liked too', () => {
    const flags = (...set: number[]): string => Array.from({ length: 19 }, (_, i) => Number(set.includes(i))).join('|');
    test.each([
      {
        name: 'movies.csv',
        content:
          'movieId,title,genres\n10,"Misérables, Les (1995)",Drama|War\n40,"A ""B"" (1999)",(no genres listed)\n',
      },
      { name: 'movies.dat', content: '10::Misérables, Les (1995)::Drama|War\n40::A "B" (1999)::(no genres listed)\n' },
      {
        name: 'u.item',
        content: `10|Misérables, Les (1995)|01-Jan-1995||http://x|${flags(8, 17)}\n40|A "B" (1999)|||http://y|${flags(0)}\n`,
      },
    ])('from $name', async ({ name, content }) => {
      file('u.data', '2\t30\t4\t1\n1\t10\t5\t881250949\n');
      file(name, Buffer.from(content, name === 'movies.csv' ? 'utf8' : 'latin1'));
      const counts = await importMovielens({ folder, out: join(folder, 'out') });
      expect(counts).toEqual({ boards: 2, pins: 3, edges: 2 });
      expect(await rows('pins')).toEqual([
        ['10', 'Misérables, Les (1995)', 'Drama, War'],
        ['40', 'A "B" (1999)', null],
      ]);
    });

    test('and refuses what is none', async () => {
      file('u.data', '2\t30\t4\t1\n');
      file('movies.dat', '10,A,Drama\n');
      await expect(importMovielens({ folder, out: join(folder, 'out') })).rejects.toThrow(
        /movies\.dat is no MovieLens movies\.dat/,
      );
    });
  });

  test('names a folder or a file that is none of these', () => {
    expect(() => importMovielens({ folder, out: join(folder, 'out') })).toThrow(
      /none of ratings\.csv, ratings\.dat and u\.data/,
    );
  });
});
