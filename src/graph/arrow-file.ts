import {
  AsyncByteQueue,
  type RecordBatch,
  RecordBatchFileWriter,
  type Schema,
  type Table,
  tableFromIPC,
} from 'apache-arrow';
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { foreseeMemory } from '../data/available-memory.js';
import { checkArrow } from '../data/arrow-layout.js';
import { type ColumnRecord, columnRecords } from '../data/column-checksums.js';
import { memoryBytes, withFileBytes } from '../data/file-bytes.js';
import { BoardwalkError } from '../errors.js';

/** One read or write moves at most this many bytes: Node refuses calls of 2 GiB and more. */
const pieceBytes = 2 ** 30;

/** One Uint8Array, and so one file that Arrow reads in place, ends here. */
const fileBytesLimit = 2 ** 32;

/** Rows in one record batch of a file that is written in several. */
export const batchRows = 65_536;

/** What the manifest records of a file. */
export interface FileRecord {
  bytes: number;
  sha256: string;
  /** Tells where a file is damaged; no part of a graph's id. */
  columns?: Record<string, ColumnRecord>;
}

/** What to do about a file that nothing tells how to make again. */
const anew = 'Make it again, or restore it from a copy.';

/**
 * Bytes of a column that come in pieces, for they need not fit in memory. In the batch stands an array of the
 * same length: Arrow lays a message out by lengths alone, and memory that nobody touches is never taken.
 */
export interface StreamedBytes {
  standIn: ArrayBufferLike;
  pieces: () => Iterable<Uint8Array>;
}

/** Writes an Arrow IPC file batch by batch, hashes it on the way and forces it to the disk. */
export async function writeArrowFile(
  path: string,
  schema: Schema,
  batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>,
  streamed?: StreamedBytes,
): Promise<FileRecord> {
  const queue = new AsyncByteQueue();
  const writer = new RecordBatchFileWriter();
  writer.reset(queue, schema);
  const hash = createHash('sha256');
  const file = openSync(path, 'w');
  let bytes = 0;
  const drain = async (): Promise<void> => {
    for await (const chunk of queue)
      for (const piece of streamed && chunk.buffer === streamed.standIn ? streamed.pieces() : piecesOf(chunk)) {
        hash.update(piece);
        for (let written = 0; written < piece.byteLength;)
          written += writeSync(file, piece, written, piece.byteLength - written);
        bytes += piece.byteLength;
      }
  };
  try {
    // What stops the drain is thrown here and not by a promise that nobody waits for yet.
    let failure: Error | undefined;
    const drained = drain().catch((error: Error) => {
      failure = error;
    });
    try {
      for await (const batch of batches) {
        writer.write(batch);
        // Lets the drain empty the queue, so that memory holds one batch and not the file.
        await setImmediate();
      }
      writer.finish();
      await drained;
    } catch (error) {
      // A drain that has stopped closes the queue, and the next write finds it closed.
      await setImmediate();
      throw failure ?? error;
    }
    if (failure !== undefined) throw failure;
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // Read back, mostly from the system's cache: what is written is hashed as it lies.
  const columns = withFileBytes(path, (written) => columnRecords(written, anew));
  return { bytes, sha256: hash.digest('hex'), columns };
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

/** Fills `target` from the start of a file. */
export function readInto(path: string, target: Uint8Array): void {
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < target.byteLength;) {
      const read = readSync(file, target, at, Math.min(pieceBytes, target.byteLength - at), at);
      if (read === 0)
        throw new BoardwalkError('bad_file', `${path} ends at byte ${at} of ${target.byteLength}. Build it again.`, {
          file: path,
        });
      at += read;
    }
  } finally {
    closeSync(file);
  }
}

export function fileBytes(path: string): number {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new BoardwalkError(
      'bad_file',
      `${path} is missing or unreadable. Build the graph again.`,
      { file: path },
      { cause },
    );
  }
  try {
    const { size } = fstatSync(file);
    if (size > fileBytesLimit)
      throw new BoardwalkError(
        'too_many_edges',
        `${path} has ${size} bytes; one process opens files of up to ${fileBytesLimit}. Split the graph.`,
        { file: path },
      );
    return size;
  } finally {
    closeSync(file);
  }
}

/** The table in a file's bytes; its columns are views of them. */
export function readTable(path: string, bytes: Uint8Array): Table {
  checkArrow(memoryBytes(path, bytes), anew);
  try {
    return tableFromIPC(bytes);
  } catch (cause) {
    throw new BoardwalkError(
      'bad_file',
      `${path} is damaged or no Arrow file: ${(cause as Error).message}. ${anew}`,
      { file: path },
      { cause },
    );
  }
}

/** Reads a whole file into private memory; `copies` counts the file and what the caller copies of it. */
export function openTable(path: string, copies = 1): Table {
  const size = fileBytes(path);
  foreseeMemory({
    what: `Reading ${path}`,
    bytes: copies * size,
    mend: 'Free memory, or use a larger machine.',
    file: path,
  });
  const bytes = new Uint8Array(size);
  readInto(path, bytes);
  return readTable(path, bytes);
}
