import { crc32 } from 'node:zlib';

/** CRC-32 of some bytes that come in pieces, going on from `start`. */
export function crcOf(pieces: Iterable<Uint8Array>, start = 0): number {
  let sum = start;
  // An empty view may have no address, and zlib begins again at one that has none.
  for (const piece of pieces) if (piece.byteLength > 0) sum = crc32(piece, sum);
  return sum;
}

/** As it is written and shown: 8 hexadecimal digits. */
export function crcText(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
