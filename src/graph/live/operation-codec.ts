import { BoardwalkError } from '../../errors.js';
import type { EdgeOperation, NodeOperation, Operation } from './operation.js';

/**
 * A payload begins with eight 32-bit words: kind, edges, new boards, new pins, flags, bytes of text, 0, 0.
 * Then, of edges: times (64 bits each), boards, pins, weights, the new ids' lengths in bytes (32 bits each)
 * and the ids themselves, boards first; of nodes: the operation as JSON. Little-endian, as all processors
 * are that Node runs on; a length divisible by 8, so that the columns of each record can be read in place.
 */
const headerBytes = 32;

const kinds = ['', 'add_edges', 'remove_edges', 'nodes'] as const;
const flag = { addedAt: 1, weight: 2 } as const;

export function encodeOperation(operation: Operation): Uint8Array {
  return 'newIds' in operation ? encodeEdges(operation) : encodeNodes(operation);
}

function paddedTo8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function encodeEdges({ kind, newIds, boards, pins, addedAt, weight }: EdgeOperation): Uint8Array {
  const edges = boards.length;
  const ids = [...newIds.boards, ...newIds.pins];
  const lengths = Uint32Array.from(ids, (id) => Buffer.byteLength(id));
  const text = Buffer.from(ids.join(''));
  const columns = [addedAt, boards, pins, weight, lengths].filter((column) => column !== undefined);
  const bytes = columns.reduce((sum, column) => sum + column.byteLength, headerBytes + text.length);
  const payload = new Uint8Array(paddedTo8(bytes));
  const flags = (addedAt ? flag.addedAt : 0) | (weight ? flag.weight : 0);
  new Uint32Array(payload.buffer, 0, 6).set([
    kinds.indexOf(kind),
    edges,
    newIds.boards.length,
    newIds.pins.length,
    flags,
    text.length,
  ]);
  let next = headerBytes;
  for (const column of columns) {
    payload.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), next);
    next += column.byteLength;
  }
  payload.set(text, next);
  return payload;
}

function encodeNodes(operation: NodeOperation): Uint8Array {
  const text = Buffer.from(JSON.stringify(operation));
  const payload = new Uint8Array(paddedTo8(headerBytes + text.length));
  new Uint32Array(payload.buffer, 0, 6).set([kinds.indexOf('nodes'), 0, 0, 0, 0, text.length]);
  payload.set(text, headerBytes);
  return payload;
}

/** `file` is named where the payload is none of ours, which its checksum alone cannot tell. */
export function decodeOperation(payload: Uint8Array, file: string): Operation {
  // A copy begins at an even address, as 64-bit columns must.
  const { buffer } = new Uint8Array(payload);
  const [code, edges, boardIds, pinIds, flags, textBytes] = new Uint32Array(buffer, 0, 6);
  const kind = kinds[code];
  if (kind === 'nodes') return JSON.parse(Buffer.from(buffer, headerBytes, textBytes).toString());
  if (kind !== 'add_edges' && kind !== 'remove_edges')
    throw new BoardwalkError(
      'format_version',
      `${file} holds an operation of kind ${code}, which this Boardwalk does not know. Use a newer one.`,
      { file },
    );
  let next = headerBytes;
  const take = (bytes: number): number => (next += bytes) - bytes;
  const addedAt = flags & flag.addedAt ? new Float64Array(buffer, take(8 * edges), edges) : undefined;
  const boards = new Uint32Array(buffer, take(4 * edges), edges);
  const pins = new Uint32Array(buffer, take(4 * edges), edges);
  const weight = flags & flag.weight ? new Float32Array(buffer, take(4 * edges), edges) : undefined;
  const lengths = new Uint32Array(buffer, take(4 * (boardIds + pinIds)), boardIds + pinIds);
  const text = Buffer.from(buffer);
  const ids = Array.from(lengths, (length) => {
    const from = take(length);
    return text.toString('utf8', from, from + length);
  });
  return {
    kind,
    newIds: { boards: ids.slice(0, boardIds), pins: ids.slice(boardIds) },
    boards,
    pins,
    addedAt,
    weight,
  };
}
