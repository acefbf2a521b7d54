import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { BoardwalkError } from '../errors.js';
import { literal, numberOf, pathLiteral, withDatabase } from './database.js';
import { importFolder } from './import-folder.js';
import { movielensFilms } from './movielens-films.js';
import { writeWholeDirectory } from './whole-directory.js';

export interface ImportMovielensOptions {
  /** A folder with ratings.csv, ratings.dat or u.data, and the films beside it. */
  folder: string;
  out: string;
  /** Ratings from this one up are edges. */
  minimumRating?: number;
  force?: boolean;
}

export interface MovielensCounts {
  readonly boards: number;
  /** With films that nobody liked, where the folder names them. */
  readonly pins: number;
  readonly edges: number;
}

const layouts = [
  { ratings: 'ratings.csv', header: true, delimiter: ',' },
  { ratings: 'ratings.dat', header: false, delimiter: '::' },
  { ratings: 'u.data', header: false, delimiter: '\t' },
];

/**
 * Turns MovieLens ratings into edges.parquet, users as boards and the films that they liked as their pins, and the
 * films' titles and genres, where the folder has them, into pins.parquet.
 */
export function importMovielens(options: ImportMovielensOptions): Promise<MovielensCounts> {
  const { folder, out, minimumRating = 4, force = false } = options;
  const layout = layouts.find(({ ratings }) => existsSync(join(folder, ratings)));
  if (layout === undefined)
    throw new BoardwalkError(
      'not_found',
      `${folder} holds none of ratings.csv, ratings.dat and u.data. Unpack a MovieLens archive there.`,
      {
        file: folder,
      },
    );
  const columns = "{'board_id': 'VARCHAR', 'pin_id': 'VARCHAR', 'rating': 'DOUBLE', 'time': 'BIGINT'}";
  const path = join(folder, layout.ratings);
  const ratings = `read_csv(${pathLiteral(path)}, auto_detect = false, header = ${layout.header},
    delim = ${literal(layout.delimiter)}, quote = '', escape = '', columns = ${columns})`;
  const liked = `SELECT board_id, pin_id, make_timestamp(time * 1000000) AS added_at FROM ${ratings}
    WHERE rating >= ${Number(minimumRating)}`;
  const films = movielensFilms(folder);
  return writeWholeDirectory(
    out,
    importFolder,
    (temporary) =>
      withDatabase({}, async (connection) => {
        await makeTable(connection, 'edges', liked, path);
        await makeTable(
          connection,
          'pins',
          films?.select ?? 'SELECT pin_id FROM edges WHERE false',
          films?.path ?? path,
        );
        for (const name of ['edges', ...(films ? ['pins'] : [])])
          await connection.run(
            `COPY ${name} TO ${literal(join(temporary, `${name}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
          );
        return {
          boards: await numberOf(connection, 'SELECT count(DISTINCT board_id) FROM edges'),
          pins: await numberOf(
            connection,
            'SELECT count(*) FROM (SELECT pin_id FROM edges UNION SELECT pin_id FROM pins)',
          ),
          edges: await numberOf(connection, 'SELECT count(*) FROM edges'),
        };
      }),
    { force },
  );
}

/** Of what a file holds, in an order that does not depend on threads. */
async function makeTable(connection: DuckDBConnection, name: string, select: string, file: string): Promise<void> {
  try {
    await connection.run(`CREATE TABLE ${name} AS ${select} ORDER BY ALL`);
  } catch (cause) {
    const [message] = (cause as Error).message.split('\n');
    throw new BoardwalkError('bad_file', `${file} is no MovieLens ${basename(file)}: ${message}`, { file }, { cause });
  }
}
