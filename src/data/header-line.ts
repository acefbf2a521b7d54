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

/** What files part their columns with. */
const delimiters = [',', ';', '\t', '|'];

/** How the lines of a text file are cut into cells. */
export interface CellMarks {
  readonly delimiter: string;
  /** Whether cells may stand in quotes. */
  readonly quoted: boolean;
}

const usualMarks = { csv: { delimiter: ',', quoted: true }, tsv: { delimiter: '\t', quoted: false } } as const;

function fields(line: string, { delimiter, quoted }: CellMarks): string[] {
  if (!quoted) return line.split(delimiter);
  // With a delimiter before the first cell too, none is matched without a character, which would pass over the next.
  const cell = new RegExp(`[${delimiter}](?:"((?:[^"]|"")*)"|([^${delimiter}]*))`, 'g');
  return Array.from(
    `${delimiter}${line}`.matchAll(cell),
    ([, inQuotes, plain]) => inQuotes?.replaceAll('""', '"') ?? plain,
  );
}

/** The marks that a file's ending stands for, unless they leave one column of a header that another delimiter parts. */
function marksOf(file: string, line: string, usual: CellMarks): CellMarks {
  const unquoted = line.replaceAll(/"(?:[^"]|"")*"/g, '');
  if ((usual.quoted ? unquoted : line).includes(usual.delimiter)) return usual;
  const parting = delimiters
    .filter((delimiter) => unquoted.includes(delimiter))
    .map((delimiter) => ({ delimiter, quoted: true }));
  if (parting.length > 1)
    throw new BoardwalkError(
      'bad_file',
      `${file} names its columns with ${parting.map(({ delimiter }) => delimiter.replace('\t', 'tab')).join(' and ')} ` +
        'between them, so that it is not clear where one ends. Part them by one of these alone, in every line.',
      { file },
    );
  return parting[0] ?? usual;
}

/** What keeps a first line from being one, as the end of a sentence. */
function encodingFault(line: string): string | undefined {
  if (line.includes('\0')) return 'is not UTF-8, but UTF-16 or no text at all. Save it as UTF-8.';
  // A header of several lines inside quotes has line feeds too.
  if (line.includes('\r') && !line.includes('\n')) return 'ends its lines with CR alone. Convert it to LF.';
  return undefined;
}

/** A text file's first line. */
export interface Header extends CellMarks {
  /** Column names; empty ones of nameless columns. */
  readonly columns: readonly string[];
}

/**
 * What a CSV or TSV file's first line says. Columns may be parted by semicolons, bars or what the other format has, as
 * spreadsheets write them by the country that they are set to.
 */
export async function headerOf(file: string, format: 'csv' | 'tsv'): Promise<Header> {
  const usual = usualMarks[format];
  let line: string;
  try {
    line = await firstLine(file, usual.quoted);
  } catch (cause) {
    throw new BoardwalkError('bad_file', `${file} cannot be read: ${(cause as Error).message}`, { file }, { cause });
  }
  const fault = encodingFault(line);
  if (fault) throw new BoardwalkError('bad_file', `${file} ${fault}`, { file });
  if (line === '')
    throw new BoardwalkError('bad_file', `${file} is empty. Its first line must name its columns.`, { file });
  const names = line.replace(/^\ufeff/, '');
  const marks = marksOf(file, names, usual);
  const columns = fields(names, marks);
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice !== undefined)
    throw new BoardwalkError('bad_file', `${file} has two columns named "${twice}". Rename one.`, {
      file,
      field: twice,
    });
  return { columns, ...marks };
}
