import { BoardwalkError } from '../errors.js';

/** Some editors begin a file with one. */
const byteOrderMark = /^\uFEFF/;

const space = /[ \t\n\r]*/y;
const text = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/uy;
const bare = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Goes through a text as far as it is JSON. */
class Scanner {
  readonly #source: string;
  at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.#source) ?? [];
    this.at += found?.length ?? 0;
    return found !== undefined;
  }

  /** A sign, and the space around it. */
  #sign(sign: string): boolean {
    this.#take(space);
    if (this.#source[this.at] !== sign) return false;
    this.at++;
    return this.#take(space);
  }

  #members(end: string, member: () => boolean): boolean {
    if (this.#sign(end)) return true;
    do if (!member()) return false;
    while (this.#sign(','));
    return this.#sign(end);
  }

  /** One value, and the space around it; false where `at` is not what JSON has there. */
  value(): boolean {
    if (this.#sign('{')) return this.#members('}', () => this.#take(text) && this.#sign(':') && this.value());
    if (this.#sign('[')) return this.#members(']', () => this.value());
    return (this.#take(text) || this.#take(bare)) && this.#take(space);
  }
}

/** Where a text ceases to be JSON, in characters from its start. */
function faultOf(source: string): number {
  const scanner = new Scanner(source);
  scanner.value();
  return scanner.at;
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
    const at = faultOf(source);
    const before = source.slice(0, at).split('\n');
    const [row, column] = [before.length, before[before.length - 1].length + 1];
    const [found] = /"[^"\s]*"?|[\w.+-]+|\S/y.exec(source.slice(at)) ?? [];
    const what = found === undefined ? 'the file ends too early' : `${found.slice(0, 20)} cannot stand there`;
    throw new BoardwalkError(
      'bad_file',
      `${file} is not JSON: at line ${row}, column ${column}, ${what}. Mend it there.`,
      { file, row },
      { cause },
    );
  }
}
