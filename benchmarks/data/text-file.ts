import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { BoardwalkError } from '../../src/errors.js';

/** The lines of `name` in a folder, or of `name.gz` beside it. */
export async function* linesOf(folder: string, name: string): AsyncGenerator<string> {
  const plain = join(folder, name);
  const packed = `${plain}.gz`;
  if (!existsSync(plain) && !existsSync(packed))
    throw new BoardwalkError('not_found', `There is neither ${plain} nor ${packed}.`, { file: plain });
  const input = existsSync(plain) ? createReadStream(plain) : createReadStream(packed).pipe(createGunzip());
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/** The rows of a TSV with a header, as cells. */
export async function* rowsOf(folder: string, name: string): AsyncGenerator<string[]> {
  let header = true;
  for await (const line of linesOf(folder, name)) {
    if (!header && line !== '') yield line.split('\t');
    header = false;
  }
}

/** Writes a TSV: no quotes, so white space inside a cell becomes a blank. Returns the number of rows. */
export async function writeTsv(
  path: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): Promise<number> {
  const file = createWriteStream(path);
  let count = 0;
  file.write(`${columns.join('\t')}\n`);
  for await (const row of rows) {
    const line = row.map((cell) => cell.replaceAll(/\s+/g, ' ').trim()).join('\t');
    if (!file.write(`${line}\n`)) await once(file, 'drain');
    count++;
  }
  file.end();
  await once(file, 'finish');
  return count;
}
