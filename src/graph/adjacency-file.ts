import { Field, List, makeData, Schema, type Table, Uint32 } from 'apache-arrow';
import { join } from 'node:path';
import { BoardwalkError } from '../errors.js';
import { recordBatch } from './arrow-columns.js';
import { type FileRecord, fileBytes, readInto, readTable, writeArrowFile } from './arrow-file.js';
import type { Adjacency, Side, Topology } from './graph.js';
import { paddedBytes, SharedMemory } from './shared-memory.js';

export const adjacencyFiles = { pins: 'pins.adjacency.arrow', boards: 'boards.adjacency.arrow' } as const;

/** List offsets are signed in Arrow. */
export const edgeLimit = 2 ** 31 - 1;

const item = new Field('item', new Uint32(), false);
const schema = new Schema([new Field('neighbours', new List(item), false)]);

/** Rows whose neighbours come from a file, for they need not fit in memory. */
export interface StreamedAdjacency {
  offsets: Uint32Array;
  pieces: () => Iterable<Uint8Array>;
}

/** One batch of one `List<uint32>` column: its offsets and values are the rows' CSR as it lies in memory. */
export function writeAdjacency(path: string, rows: Adjacency | StreamedAdjacency): Promise<FileRecord> {
  const { offsets } = rows;
  const length = offsets.length - 1;
  const neighbours = 'neighbours' in rows ? rows.neighbours : new Uint32Array(offsets[length]);
  const streamed = 'pieces' in rows ? { standIn: neighbours.buffer, pieces: rows.pieces } : undefined;
  const child = makeData({ type: new Uint32(), length: neighbours.length, nullCount: 0, data: neighbours });
  const valueOffsets = new Int32Array(offsets.buffer, offsets.byteOffset, offsets.length);
  const column = makeData({ type: new List(item), length, nullCount: 0, valueOffsets, child });
  return writeArrowFile(path, schema, [recordBatch(schema, length, [column])], streamed);
}

function damaged(path: string, column: string, what: string): BoardwalkError {
  return new BoardwalkError('bad_file', `${path}: ${what}. Build the graph again.`, { file: path, field: column });
}

function adjacencyIn(path: string, table: Table): Adjacency {
  const [column] = table.getChildAt(0)?.data ?? [];
  if (table.numRows === 0 || column === undefined)
    return {
      offsets: new Uint32Array(new SharedArrayBuffer(4)),
      neighbours: new Uint32Array(new SharedArrayBuffer(0)),
    };
  const offsets = column.valueOffsets as Int32Array;
  const values: unknown = column.children[0]?.values;
  if (table.batches.length !== 1 || !(values instanceof Uint32Array) || !(offsets instanceof Int32Array))
    throw damaged(path, 'neighbours', 'it is not one batch of List<uint32>');
  if (offsets.length <= column.length)
    throw damaged(path, 'neighbours', `${column.length} rows have ${offsets.length} offsets, one too few or worse`);
  const rows = new Uint32Array(offsets.buffer, offsets.byteOffset, column.length + 1);
  // Arrow pads its buffers, so the views are cut to their true lengths.
  return { offsets: rows, neighbours: values.subarray(0, rows[column.length]) };
}

/**
 * Throws where a row begins behind its end or names a node that there is not: a walk looks at neither before
 * it reads there. Costs about as much as reading the file from the system's cache.
 */
function checkRows(path: string, { offsets, neighbours }: Adjacency, others: number): void {
  let last = 0;
  if (offsets[0] !== 0) throw damaged(path, 'neighbours', `its first row begins at ${offsets[0]}`);
  for (let row = 1; row < offsets.length; row++) {
    if (offsets[row] < last) throw damaged(path, 'neighbours', `row ${row - 1} ends before it begins`);
    last = offsets[row];
  }
  if (last !== neighbours.length)
    throw damaged(path, 'neighbours', `its rows end at ${last} of ${neighbours.length} neighbours`);
  let largest = -1;
  for (let edge = 0; edge < neighbours.length; edge++) if (neighbours[edge] > largest) largest = neighbours[edge];
  if (largest >= others)
    throw damaged(path, 'neighbours', `it names node ${largest}, and the other side has ${others}`);
}

/**
 * Opens both directions as views of shared memory, WebAssembly's where they fit it, read straight from the
 * files: nothing is copied, and a worker is handed the memory itself.
 */
export function openTopology(directory: string): Topology {
  const paths = { pins: join(directory, adjacencyFiles.pins), boards: join(directory, adjacencyFiles.boards) };
  const sizes = { pins: fileBytes(paths.pins), boards: fileBytes(paths.boards) };
  const shared = new SharedMemory(paddedBytes(sizes.pins) + paddedBytes(sizes.boards));
  const open = (side: Side): Adjacency => {
    const bytes = shared.bytes(sizes[side]);
    readInto(paths[side], bytes);
    return adjacencyIn(paths[side], readTable(paths[side], bytes));
  };
  const pins = open('pins');
  const boards = open('boards');
  checkRows(paths.pins, pins, boards.offsets.length - 1);
  checkRows(paths.boards, boards, pins.offsets.length - 1);
  const inPlace = shared.memory && [pins, boards].every(({ neighbours }) => neighbours.length > 0);
  return { pins, boards, ...(inPlace && { memory: shared.memory }) };
}
