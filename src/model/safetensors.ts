import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { writeWholeFile } from '../data/whole-file.js';
import { crcOf, crcText } from '../data/crc.js';
import { readingFile } from '../data/read-file.js';
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

type Header = Record<string, Entry | Record<string, string>>;

/** CRC-32 of the header without the checksum itself, then of the arrays. */
function checksumOf(header: Header, arrays: readonly Uint8Array[]): string {
  return crcText(crcOf([Buffer.from(JSON.stringify(header)), ...arrays]));
}

function encode({ weights, metadata }: TensorFile): Uint8Array[] {
  const header: Header = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of weights) {
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const arrays = [...weights.values()].map(
    ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  const json = JSON.stringify({ ...header, __metadata__: { ...metadata, crc32: checksumOf(header, arrays) } });
  const bytes = Buffer.byteLength(json);
  // Spaces after the header keep the arrays aligned.
  const text = Buffer.from(json + ' '.repeat((alignment - (bytes % alignment)) % alignment));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return [length, text, ...arrays];
}

/** Writes a file that appears only when whole; its metadata holds a checksum of the rest. */
export function writeTensorFile(path: string, file: TensorFile): Promise<void> {
  return writeWholeFile(path, (temporary) => writeFile(temporary, encode(file)));
}

const mend = 'Restore it from a copy, or train again.';

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
  return readingFile(path, mend, () => decode(bytes));
}

function decode(bytes: Buffer): TensorFile {
  const start = 8 + Number(bytes.readBigUInt64LE());
  if (start > bytes.length) throw new RangeError('its header is cut short');
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Header;
  const { __metadata__: all = {}, ...entries } = header as Record<string, Entry> & {
    __metadata__?: Record<string, string>;
  };
  const { crc32: expected, ...metadata } = all;
  const weights = new Map<string, Weight>();
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of Object.entries(entries)) {
    if (dtype !== 'F32') throw new RangeError(`${name} is ${dtype}, not F32`);
    const size = shape.reduce((product, side) => product * side, 1);
    if (!(from >= 0 && to - from === 4 * size && start + to <= bytes.length))
      throw new RangeError(`${name} is cut short`);
    const values = new Float32Array(size);
    new Uint8Array(values.buffer).set(bytes.subarray(start + from, start + to));
    weights.set(name, { shape, values });
  }
  // Files from elsewhere have no checksum.
  const found = checksumOf({ ...header, __metadata__: metadata }, [bytes.subarray(start)]);
  if (expected !== undefined && found !== expected)
    throw new RangeError(`its checksum (CRC-32) is ${found} instead of ${expected}`);
  return { weights, metadata };
}
