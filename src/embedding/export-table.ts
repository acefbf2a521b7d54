import { RecordBatchStreamWriter } from 'apache-arrow';
import { type FileHandle, open } from 'node:fs/promises';
import { ReadableStream } from 'node:stream/web';
import { writeWholeFile } from '../data/whole-file.js';
import { BoardwalkError } from '../errors.js';
import { type Progress, silentProgress } from '../progress.js';
import { tableBatches, tableSchema, writeEmbeddingTable } from './table-file.js';
import type { EmbeddingTable } from './table.js';
import { codesOf } from './vector-columns.js';
import { rowOf, scalesOf, typeOf } from './vectors.js';

export const exportFormats = ['arrow', 'parquet', 'npy', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Rows written at a time. */
const chunkRows = 16_384;

/**
 * Writes the table for other programs, in chunks, packed as it is. npy holds the values or codes alone; its ids,
 * one JSON string a row, lie beside it in `<file>.ids.jsonl`, the rows' scales in `<file>.scales.npy`. Every file
 * appears only when whole. Gives the files written.
 */
export async function exportTable(
  table: EmbeddingTable,
  format: ExportFormat,
  path: string,
  { progress = silentProgress }: { progress?: Progress } = {},
): Promise<string[]> {
  switch (format) {
    case 'arrow':
      await writeEmbeddingTable(path, table);
      return [path];
    case 'parquet':
      await writeParquet(table, path, progress);
      return [path];
    case 'npy': {
      const ids = `${path}.ids.jsonl`;
      await writeChunks(ids, table, progress, (from, to) => jsonLines(table.pinIds.slice(from, to)));
      const { values, width } = codesOf(table.vectors, table.dimension);
      await writeNumpy(path, table, progress, values, [table.pinIds.length, width]);
      const scales = scalesOf(table.vectors);
      if (!scales) return [path, ids];
      await writeNumpy(`${path}.scales.npy`, table, progress, scales, [table.pinIds.length]);
      return [path, ids, `${path}.scales.npy`];
    }
    case 'jsonl':
      await writeChunks(path, table, progress, (from, to) => jsonLines(objects(table, from, to)));
      return [path];
    default:
      throw new BoardwalkError(
        'bad_option',
        `There is no export format "${String(format)}": choose one of ${exportFormats.join(', ')}.`,
        { field: 'to' },
      );
  }
}

function jsonLines(values: unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** Numbers as they are stored: half floats as numbers, codes with their scale. */
function objects({ pinIds, vectors, dimension }: EmbeddingTable, from: number, to: number): object[] {
  const { values, width } = codesOf(vectors, dimension);
  const half = typeOf(vectors) === 'float16';
  const scales = scalesOf(vectors);
  return Array.from({ length: to - from }, (_, i) => {
    const row = from + i;
    const embedding = half ? rowOf(vectors, dimension, row) : values.subarray(row * width, (row + 1) * width);
    return { pin_id: pinIds[row], ...(scales && { scale: scales[row] }), embedding: Array.from(embedding) };
  });
}

type NumpyArray = Float32Array | Uint16Array | Int8Array | Uint8Array;

function numpyType(values: NumpyArray): string {
  if (values instanceof Float32Array) return '<f4';
  // Half floats are kept as their patterns.
  if (values instanceof Uint16Array) return '<f2';
  return values instanceof Int8Array ? '|i1' : '|u1';
}

/** Version 1.0 of NumPy's format: magic, version, header length, a Python literal padded to 64 bytes. */
function npyHeader(values: NumpyArray, shape: readonly number[]): Uint8Array {
  const literal = `{'descr': '${numpyType(values)}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const preamble = 10;
  const length = Math.ceil((preamble + literal.length + 1) / 64) * 64 - preamble;
  const header = Buffer.alloc(preamble + length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(literal, preamble, 'latin1');
  header.write('\n', header.length - 1, 'latin1');
  return header;
}

function writeNumpy(
  path: string,
  table: EmbeddingTable,
  progress: Progress,
  values: NumpyArray,
  shape: readonly number[],
): Promise<void> {
  const width = shape[1] ?? 1;
  const chunk = (from: number, to: number): Uint8Array => {
    const rows = values.subarray(from * width, to * width);
    return new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  };
  return writeChunks(path, table, progress, chunk, npyHeader(values, shape));
}

async function withFile<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'w');
  try {
    const result = await write(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

function writeChunks(
  path: string,
  { pinIds }: EmbeddingTable,
  progress: Progress,
  chunk: (from: number, to: number) => string | Uint8Array,
  header?: Uint8Array,
): Promise<void> {
  return writeWholeFile(path, (temporary) =>
    withFile(temporary, async (file) => {
      const stage = progress.stage(`writing ${path}`, pinIds.length);
      if (header) await file.write(header);
      for (let from = 0; from < pinIds.length; from += chunkRows) {
        const to = Math.min(from + chunkRows, pinIds.length);
        await file.writeFile(chunk(from, to));
        stage.update(to);
      }
      stage.finish();
    }),
  );
}

/** Parquet in row groups, each made from one Arrow batch; fixed-size lists stay fixed-size lists. */
function writeParquet(table: EmbeddingTable, path: string, progress: Progress): Promise<void> {
  return writeWholeFile(path, async (temporary) => {
    const { Compression, Table, transformParquetStream, WriterPropertiesBuilder } = await import('parquet-wasm');
    const schema = tableSchema(table);
    const stage = progress.stage(`writing ${path}`, table.pinIds.length);
    let rows = 0;
    const batches = tableBatches(table, schema, chunkRows);
    const source = new ReadableStream({
      pull(controller) {
        const { value: batch, done } = batches.next();
        if (done) return controller.close();
        const stream = RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
        for (const part of Table.fromIPCStream(stream).recordBatches()) controller.enqueue(part);
        stage.update((rows += batch.numRows));
      },
    });
    const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build();
    const parquet = await transformParquetStream(source as never, properties);
    await withFile(temporary, async (file) => {
      for await (const chunk of parquet as unknown as AsyncIterable<Uint8Array>) await file.writeFile(chunk);
    });
    stage.finish();
  });
}
