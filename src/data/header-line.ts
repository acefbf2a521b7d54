import { closeSync, createReadStream, openSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { BoardwalkError } from '../errors.js';
import { isGzipped } from './source-format.js';

/** A header longer than this is no header. */
const headerBytes = 1 << 20;

/** The first record of a text file, line breaks inside quotes included. */
async function firstLine(file: string, quoted: boolean): Promise<string> {
  closeSync(openSync(file, 'r'));
  const raw = createReadStream(file);
  const bytes = isGzipped(file) ? raw.pipe(createGunzip()) : raw;
  // A pipe does not carry the source's errors along.
  raw.on('error', (error) => bytes.destroy(error));
  let text = '';
  try {
    for await (const chunk of bytes) {
      text += (chunk as Buffer).toString('utf8');
      for (let at = 0, open = false; at < text.length; at++) {
        if (quoted && text[at] === '"') open = !open;
        else if (text[at] === '\n' && !open) return text.slice(0, at).replace(/\r$/, '');
      }
      if (text.length > headerBytes) break;
    }
  } finally {
    raw.destroy();
  }
  return text;
}

function fields(line: string, delimiter: string): string[] {
  // With a delimiter before the first cell too, none is matched without a character, which would pass over the next.
  const cells = `${delimiter}${line}`.matchAll(new RegExp(`${delimiter}(?:"((?:[^"]|"")*)"|([^${delimiter}]*))`, 'g'));
  return Array.from(cells, ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}

/** What keeps a first line from being one, as the end of a sentence. */
function encodingFault(line: string): string | undefined {
  if (line.includes('\0')) return 'is not UTF-8, but UTF-16 or no text at all. Save it as UTF-8.';
  // A header of several lines inside quotes has line feeds too.
  if (line.includes('\r') && !line.includes('\n')) return 'ends its lines with CR alone. Convert it to LF.';
  return undefined;
}

/** The column names in a CSV or TSV file's first line, empty ones of nameless columns. Only CSV knows quotes. */
export async function headerOf(file: string, format: 'csv' | 'tsv'): Promise<string[]> {
  let line: string;
  try {
    line = await firstLine(file, format === 'csv');
  } catch (cause) {
    throw new BoardwalkError('bad_file', `${file} cannot be read: ${(cause as Error).message}`, { file }, { cause });
  }
  const fault = encodingFault(line);
  if (fault) throw new BoardwalkError('bad_file', `${file} ${fault}`, { file });
  const names = format === 'csv' ? fields(line.replace(/^\ufeff/, ''), ',') : line.replace(/^\ufeff/, '').split('\t');
  if (line === '')
    throw new BoardwalkError('bad_file', `${file} is empty. Its first line must name its columns.`, { file });
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new BoardwalkError('bad_file', `${file} has two columns named "${twice}". Rename one.`, {
      file,
      field: twice,
    });
  return names;
}
