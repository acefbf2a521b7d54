import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Checksums take small pieces, which stay in the processor's cache. */
const pieceBytes = 2 ** 20;

/** Node refuses reads of 2 GiB and more. */
const mostRead = 2 ** 30;

/** Bytes that can be read at any place, in memory or in a file. */
export interface Bytes {
  readonly path: string;
  readonly size: number;
  /** @throws RangeError where there are fewer bytes */
  read(from: number, bytes: number): Uint8Array;
  view(from: number, bytes: number): DataView;
}

function bytesOf(path: string, size: number, take: (from: number, bytes: number) => Uint8Array): Bytes {
  const read = (from: number, bytes: number): Uint8Array => {
    if (!(from >= 0 && bytes >= 0 && from + bytes <= size)) throw new RangeError(`it ends at byte ${size}`);
    return take(from, bytes);
  };
  const view = (from: number, bytes: number): DataView => {
    const part = read(from, bytes);
    return new DataView(part.buffer, part.byteOffset, part.byteLength);
  };
  return { path, size, read, view };
}

export function memoryBytes(path: string, bytes: Uint8Array): Bytes {
  return bytesOf(path, bytes.byteLength, (from, length) => bytes.subarray(from, from + length));
}

/** Opens a file for `use`. A file that shrinks meanwhile reads as one that ends early. */
export function withFileBytes<T>(path: string, use: (file: Bytes) => T): T {
  const file = openSync(path, 'r');
  try {
    return use(
      bytesOf(path, fstatSync(file).size, (from, length) => {
        const part = new Uint8Array(length);
        for (let at = 0; at < length;) {
          const read = readSync(file, part, at, Math.min(mostRead, length - at), from + at);
          if (read === 0) throw new RangeError(`it ends at byte ${from + at}`);
          at += read;
        }
        return part;
      }),
    );
  } finally {
    closeSync(file);
  }
}

/** The bytes from `from` on, piece by piece. */
export function* pieces(file: Bytes, from = 0, bytes = file.size - from): Generator<Uint8Array> {
  for (let at = from; at < from + bytes; at += pieceBytes) yield file.read(at, Math.min(pieceBytes, from + bytes - at));
}
