import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { BoardwalkError } from '../errors.js';

/** One read or write moves at most this many bytes. */
const pieceBytes = 2 ** 24;

/** A typed array's worth of bytes in a file of its own, written from its start to its end. */
export class ColumnWriter {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  append(values: NodeJS.ArrayBufferView): void {
    for (let written = 0; written < values.byteLength;)
      written += writeSync(this.#file, values, written, Math.min(pieceBytes, values.byteLength - written));
  }

  finish(): void {
    closeSync(this.#file);
  }
}

/** Fills `into` from the byte `from` of a file on. */
export function readColumn<T extends NodeJS.ArrayBufferView>(path: string, from: number, into: T): T {
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < into.byteLength;) {
      const read = readSync(file, into, at, Math.min(pieceBytes, into.byteLength - at), from + at);
      if (read === 0)
        throw new BoardwalkError('bad_file', `${path} ends too early. Delete it, and build again.`, { file: path });
      at += read;
    }
    return into;
  } finally {
    closeSync(file);
  }
}

/** A file's first `bytes` bytes, piece by piece. */
export function* piecesOf(path: string, bytes: number): Generator<Uint8Array> {
  for (let from = 0; from < bytes; from += pieceBytes)
    yield readColumn(path, from, new Uint8Array(Math.min(pieceBytes, bytes - from)));
}
