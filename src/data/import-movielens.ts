import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BoardwalkError } from '../errors.js';
import { literal, numberOf, withDatabase } from './database.js';
import { importFolder } from './import-folder.js';
import { writeWholeDirectory } from './whole-directory.js';

export interface ImportMovielensOptions {
  /** A folder with ratings.csv, or with u.data. */
  folder: string;
  out: string;
  /** Ratings from this one up are edges. */
  minimumRating?: number;
  force?: boolean;
}

export interface MovielensCounts {
  readonly boards: number;
  readonly pins: number;
  readonly edges: number;
}

const layouts = [
  { ratings: 'ratings.csv', header: true, delimiter: ',' },
  { ratings: 'u.data', header: false, delimiter: '\t' },
];

/** Turns MovieLens ratings into edges.parquet: users act as boards, liked films are their pins. */
export function importMovielens(options: ImportMovielensOptions): Promise<MovielensCounts> {
  const { folder, out, minimumRating = 4, force = false } = options;
  const layout = layouts.find(({ ratings }) => existsSync(join(folder, ratings)));
  if (layout === undefined)
    throw new BoardwalkError(
      'not_found',
      `${folder} holds neither ratings.csv nor u.data. Unpack a MovieLens archive there.`,
      {
        file: folder,
      },
    );
  const columns = "{'board_id': 'VARCHAR', 'pin_id': 'VARCHAR', 'rating': 'DOUBLE', 'time': 'BIGINT'}";
  const ratings = `read_csv(${literal(join(folder, layout.ratings))}, auto_detect = false, header = ${layout.header},
    delim = ${literal(layout.delimiter)}, quote = '', escape = '', columns = ${columns})`;
  return writeWholeDirectory(
    out,
    importFolder,
    (temporary) =>
      withDatabase({}, async (connection) => {
        try {
          await connection.run(
            `CREATE TABLE edges AS SELECT board_id, pin_id, make_timestamp(time * 1000000) AS added_at FROM ${ratings}
             WHERE rating >= ${Number(minimumRating)} ORDER BY ALL`,
          );
        } catch (cause) {
          const file = join(folder, layout.ratings);
          const [message] = (cause as Error).message.split('\n');
          throw new BoardwalkError('bad_file', `${file} is no MovieLens rating file: ${message}`, { file }, { cause });
        }
        await connection.run(
          `COPY edges TO ${literal(join(temporary, 'edges.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
        );
        return {
          boards: await numberOf(connection, 'SELECT count(DISTINCT board_id) FROM edges'),
          pins: await numberOf(connection, 'SELECT count(DISTINCT pin_id) FROM edges'),
          edges: await numberOf(connection, 'SELECT count(*) FROM edges'),
        };
      }),
    { force },
  );
}
