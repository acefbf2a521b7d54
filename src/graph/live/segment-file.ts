import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { BoardwalkError } from '../../errors.js';

const magic = Buffer.from('BWDELTA1');
const recordMark = 0x5257_4224;

/** Magic, then, 32 bits each, the segment's number and that of the one before. */
export const segmentHeaderBytes = 16;
/** Mark, payload length, durable length of the segment when this was written, CRC-32 of all but the mark. */
const recordHeaderBytes = 16;

export function segmentHeader(number: number, previous: number): Buffer {
  const header = Buffer.alloc(segmentHeaderBytes);
  magic.copy(header);
  header.writeUInt32LE(number, 8);
  header.writeUInt32LE(previous, 12);
  return header;
}

/** A record with its header; `durable` is the length of the segment that is known to be on the disk. */
export function frame(payload: Uint8Array, durable: number): Buffer {
  const record = Buffer.alloc(recordHeaderBytes + payload.length);
  record.writeUInt32LE(recordMark, 0);
  record.writeUInt32LE(payload.length, 4);
  record.writeUInt32LE(durable, 8);
  record.set(payload, recordHeaderBytes);
  record.writeUInt32LE(checksum(record, 0, payload.length), 12);
  return record;
}

function checksum(bytes: Buffer, at: number, length: number): number {
  const payload = at + recordHeaderBytes;
  return crc32(bytes.subarray(payload, payload + length), crc32(bytes.subarray(at + 4, at + 12)));
}

interface Record {
  readonly payload: Buffer;
  readonly durable: number;
  readonly end: number;
}

function recordAt(bytes: Buffer, at: number): Record | undefined {
  if (at + recordHeaderBytes > bytes.length || bytes.readUInt32LE(at) !== recordMark) return undefined;
  const length = bytes.readUInt32LE(at + 4);
  const end = at + recordHeaderBytes + length;
  if (end > bytes.length || bytes.readUInt32LE(at + 12) !== checksum(bytes, at, length)) return undefined;
  return { payload: bytes.subarray(at + recordHeaderBytes, end), durable: bytes.readUInt32LE(at + 8), end };
}

/** Whether a whole record behind `from` says that the disk already held what lies there when it was written. */
function vouchedFor(bytes: Buffer, from: number): boolean {
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(recordMark);
  for (let at = bytes.indexOf(mark, from + 1); at >= 0; at = bytes.indexOf(mark, at + 1))
    if ((recordAt(bytes, at)?.durable ?? 0) > from) return true;
  return false;
}

export interface Segment {
  /** The segment before, 0 for none. */
  readonly previous: number;
  /** Copied neither here nor by the reader. */
  readonly payloads: readonly Uint8Array[];
  /** Bytes of the segment that are whole. */
  readonly length: number;
  /** Whether bytes follow that are no whole record: what a crash left of records that were never accepted. */
  readonly torn: boolean;
}

/**
 * Reads a segment up to its end, or up to where a crash cut it. Damage to what was accepted is told from
 * that by the records behind it, and is an error: @throws BoardwalkError `checksum`
 */
export function readSegment(path: string, number: number): Segment {
  const bytes = readFileSync(path);
  if (bytes.length < segmentHeaderBytes) return { previous: 0, payloads: [], length: 0, torn: bytes.length > 0 };
  const previous = bytes.readUInt32LE(12);
  if (!bytes.subarray(0, segmentHeaderBytes).equals(segmentHeader(number, previous)))
    throw new BoardwalkError('bad_file', `${path} is no segment ${number} of a delta log. Restore it from a copy.`, {
      file: path,
    });
  const payloads: Uint8Array[] = [];
  let at = segmentHeaderBytes;
  for (let record = recordAt(bytes, at); record; record = recordAt(bytes, at)) {
    // An empty record seals a segment: it vouches for what lies before it.
    if (record.payload.length > 0) payloads.push(record.payload);
    at = record.end;
  }
  if (at < bytes.length && vouchedFor(bytes, at))
    throw new BoardwalkError(
      'checksum',
      `${path} is damaged at byte ${at}, before records that were accepted later. Restore it from a copy.`,
      { file: path },
    );
  return { previous, payloads, length: at, torn: at < bytes.length };
}
