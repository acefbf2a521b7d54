import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { writeWholeFile } from '../data/whole-file.js';
import { crcOf, crcText } from '../data/crc.js';
import { type Bytes, pieces, withFileBytes } from '../data/file-bytes.js';
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
function checksumOf(header: Header, arrays: Iterable<Uint8Array>): string {
  return crcText(crcOf(arrays, crcOf([Buffer.from(JSON.stringify(header))])));
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
  if (!existsSync(path))
    throw new BoardwalkError('not_found', `There are no weights at ${path}: train a model first.`, { file: path });
  return readingFile(path, mend, () => withFileBytes(path, decode));
}

/** Reads each array by itself: all of a file may be more than one buffer can hold. */
function decode(file: Bytes): TensorFile {
  const start = 8 + Number(file.view(0, 8).getBigUint64(0, true));
  if (start > file.size) throw new RangeError('its header is cut short');
  const header = JSON.parse(Buffer.from(file.read(8, start - 8)).toString('utf8')) as Header;
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
    if (!(from >= 0 && to - from === 4 * size && start + to <= file.size)) throw new RangeError(`${name} is cut short`);
    const values = new Float32Array(size);
    new Uint8Array(values.buffer).set(file.read(start + from, 4 * size));
    weights.set(name, { shape, values });
  }
  // Files from elsewhere have no checksum.
  const found = checksumOf({ ...header, __metadata__: metadata }, pieces(file, start));
  if (expected !== undefined && found !== expected)
    throw new RangeError(`its checksum (CRC-32) is ${found} instead of ${expected}`);
  return { weights, metadata };
}
