import { readFileSync } from 'node:fs';
import { writeWholeText } from '../data/whole-file.js';
import { BoardwalkError } from '../errors.js';

/** A value as the text of a file that people may read. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Writes a file that appears only when whole: a kill leaves the old one. */
export function writeJson(path: string, value: unknown): void {
  writeWholeText(path, jsonText(value));
}

/**
 * Reads a file that a model cannot be without, or one that was found to be there.
 * @throws BoardwalkError `not_found` where there is no such file, `bad_file` where it is no JSON
 */
export function readJson<T>(path: string): T {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new BoardwalkError(
      'not_found',
      `${path} is missing: this is not a whole model directory. Make one with \`boardwalk train\`.`,
      { file: path },
      { cause },
    );
  }
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new BoardwalkError('bad_file', `${path} is not JSON; train again.`, { file: path }, { cause });
  }
}
