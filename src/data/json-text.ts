import { parse, type ParseError } from 'jsonc-parser';
import { BoardwalkError } from '../errors.js';

/** Some editors begin a file with one. */
const byteOrderMark = /^\uFEFF/;

/** Where a text ceases to be JSON, in characters from its start, and how many cannot stand there; 0 at its end. */
function faultOf(source: string): { offset: number; length: number } {
  const faults: ParseError[] = [];
  parse(source, faults, { disallowComments: true });
  const [fault] = faults.sort((a, b) => a.offset - b.offset);
  return fault ?? { offset: source.length, length: 0 };
}

/**
 * Reads the JSON of a file that a person wrote. @throws BoardwalkError `bad_file` with the line and the column, both
 * from 1, of what is no JSON
 */
export function parseJson(file: string, written: string): unknown {
  const source = written.replace(byteOrderMark, '');
  try {
    return JSON.parse(source);
  } catch (cause) {
    const { offset, length } = faultOf(source);
    const before = source.slice(0, offset).split('\n');
    const [row, column] = [before.length, before[before.length - 1].length + 1];
    const found = source.slice(offset, offset + Math.min(length, 20)).trim();
    const what = found === '' ? 'the file ends too early' : `${found} cannot stand there`;
    throw new BoardwalkError(
      'bad_file',
      `${file} is not JSON: at line ${row}, column ${column}, ${what}. Mend it there.`,
      { file, row },
      { cause },
    );
  }
}
