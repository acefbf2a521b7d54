import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { writeWholeFile } from '../data/whole-file.js';
import { BoardwalkError } from '../errors.js';
import type { Weight, Weights } from './weights.js';

/**
 * The safetensors format: 8 bytes of header length, a JSON header, then raw little-endian arrays. Only
 * float32 is written and read.
 */
interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const alignment = 8;

export interface TensorFile {
  weights: Weights;
  metadata: Record<string, string>;
}

function encode({ weights, metadata }: TensorFile): Uint8Array[] {
  const header: Record<string, Entry | Record<string, string>> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of weights) {
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = JSON.stringify(header);
  // Spaces after the header keep the arrays aligned.
  const bytes = Buffer.byteLength(json);
  const text = Buffer.from(json + ' '.repeat((alignment - (bytes % alignment)) % alignment));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const arrays = [...weights.values()].map(
    ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  return [length, text, ...arrays];
}

/** Writes a file that appears only when whole. */
export function writeTensorFile(path: string, file: TensorFile): Promise<void> {
  return writeWholeFile(path, (temporary) => writeFile(temporary, encode(file)));
}

function damaged(path: string, what: string): BoardwalkError {
  return new BoardwalkError('bad_file', `${path} is not a whole safetensors file: ${what}. Write it again.`, {
    file: path,
  });
}

/** Throws `not_found` or `bad_file`. */
export function readTensorFile(path: string): TensorFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new BoardwalkError(
      'not_found',
      `There are no weights at ${path}: train a model first.`,
      { file: path },
      { cause },
    );
  }
  if (bytes.length < 8) throw damaged(path, 'it has no header');
  const start = 8 + Number(bytes.readBigUInt64LE());
  if (start > bytes.length) throw damaged(path, 'its header is cut short');
  let metadata: Record<string, string> | undefined;
  let entries: Record<string, Entry>;
  try {
    ({ __metadata__: metadata, ...entries } = JSON.parse(bytes.toString('utf8', 8, start)));
  } catch {
    throw damaged(path, 'its header is not JSON');
  }
  const weights = new Map<string, Weight>();
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape } = entry;
    const [from, to] = entry.data_offsets;
    if (dtype !== 'F32') throw damaged(path, `${name} is ${dtype}, not F32`);
    const size = shape.reduce((product, side) => product * side, 1);
    if (to - from !== 4 * size || start + to > bytes.length) throw damaged(path, `${name} is cut short`);
    const values = new Float32Array(size);
    new Uint8Array(values.buffer).set(bytes.subarray(start + from, start + to));
    weights.set(name, { shape, values });
  }
  return { weights, metadata: metadata ?? {} };
}
