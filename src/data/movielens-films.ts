import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { literal, pathLiteral } from './database.js';

/** The flags of a line of u.item, in their order. */
const genreFlags = [
  'unknown',
  'Action',
  'Adventure',
  'Animation',
  "Children's",
  'Comedy',
  'Crime',
  'Documentary',
  'Drama',
  'Fantasy',
  'Film-Noir',
  'Horror',
  'Musical',
  'Mystery',
  'Romance',
  'Sci-Fi',
  'Thriller',
  'War',
  'Western',
];

/** A file of films and how it is read: its columns are `id`, `title` and what `genres` is made of. */
interface FilmLayout {
  readonly file: string;
  readonly options: string;
  readonly columns: readonly string[];
  /** SQL; its genres between commas, null where it has none. */
  readonly genres: string;
}

const old = "header = false, quote = '', escape = '', encoding = 'latin-1'";
const flagColumns = genreFlags.map((_, flag) => `flag${flag}`);
const split = `nullif(replace(genres, '|', ', '), '(no genres listed)')`;

const layouts: readonly FilmLayout[] = [
  {
    file: 'movies.csv',
    options: `header = true, delim = ',', quote = '"', escape = '"'`,
    columns: ['id', 'title', 'genres'],
    genres: split,
  },
  { file: 'movies.dat', options: `${old}, delim = '::'`, columns: ['id', 'title', 'genres'], genres: split },
  {
    file: 'u.item',
    options: `${old}, delim = '|'`,
    columns: ['id', 'title', 'released', 'video', 'address', ...flagColumns],
    genres: `nullif(concat_ws(', ', ${genreFlags.slice(1).map((genre, i) => `CASE ${flagColumns[i + 1]} WHEN '1' THEN ${literal(genre)} END`)}), '')`,
  },
];

/** The file of a MovieLens folder that names its films, and SQL that reads it as pins; undefined where there is none. */
export function movielensFilms(folder: string): { path: string; select: string } | undefined {
  const layout = layouts.find(({ file }) => existsSync(join(folder, file)));
  if (layout === undefined) return undefined;
  const path = join(folder, layout.file);
  const columns = layout.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const film = `read_csv(${pathLiteral(path)}, auto_detect = false, ${layout.options}, columns = {${columns}})`;
  return { path, select: `SELECT id AS pin_id, title, ${layout.genres} AS text FROM ${film}` };
}
