import { readFileSync } from 'node:fs';
import { parseJson } from '../../data/json-text.js';
import { BoardwalkError } from '../../errors.js';
import type { PartialTrainSpec } from './train-spec.js';

/**
 * Reads a training spec that a person wrote, as one JSON object; its fields are checked when it is used.
 * @throws BoardwalkError `not_found`, or `bad_file` with line and column
 */
export function readTrainConfig(file: string): PartialTrainSpec {
  const spec = parseJson(file, textOf(file));
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec))
    throw new BoardwalkError(
      'bad_file',
      `${file} holds no training spec: write one JSON object, such as {"pinsage": {"epochs": 8}}.`,
      { file },
    );
  return spec;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new BoardwalkError(
      'not_found',
      code === 'ENOENT'
        ? `There is no config file ${file}. Check the path, or leave --config out to train with the defaults.`
        : `The config file ${file} cannot be read: ${message}. Name a JSON file with --config.`,
      { file, field: 'config' },
      { cause },
    );
  }
}
