import { RecordBatchStreamWriter } from 'apache-arrow';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { ReadableStream } from 'node:stream/web';
import { writeWholeFiles } from '../data/whole-file.js';
import { BoardwalkError } from '../errors.js';
import { writeArrowFile } from '../graph/arrow-file.js';
import { type Progress, silentProgress, type Stage } from '../progress.js';
import { tableBatches, tableSchema } from './table-file.js';
import type { EmbeddingTable } from './table.js';
import { codesOf } from './vector-columns.js';
import { rowOf, scalesOf, typeOf } from './vectors.js';

export const exportFormats = ['arrow', 'parquet', 'npy', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Rows written at a time. */
const chunkRows = 16_384;

/** A file of an export, and where it lies until all of them are whole. */
export interface WrittenFile {
  readonly path: string;
  readonly temporary: string;
}

export interface ExportTableOptions {
  progress?: Progress;
  /** A file that tells of the others: its text is made when they are written. */
  description?: { readonly path: string; readonly of: (files: readonly WrittenFile[]) => Promise<string> };
}

/**
 * Writes the table for other programs, in chunks, packed as it is. npy holds the values or codes alone; its ids,
 * one JSON string a row, lie beside it in `<file>.ids.jsonl`, the rows' scales in `<file>.scales.npy`. The files
 * appear when all of them are whole; a description lies there with the files that it tells of and with no others. Gives
 * the files that hold the table.
 */
export async function exportTable(
  table: EmbeddingTable,
  format: ExportFormat,
  path: string,
  { progress = silentProgress, description }: ExportTableOptions = {},
): Promise<string[]> {
  const parts = partsOf(table, format, path);
  const paths = parts.map((part) => part.path);
  await writeWholeFiles(description ? [...paths, description.path] : paths, async (temporaries) => {
    for (const [i, part] of parts.entries())
      await part.write(temporaries[i], progress.stage(`writing ${part.path}`, table.pinIds.length));
    const files = parts.map((part, i) => ({ path: part.path, temporary: temporaries[i] }));
    if (description) await writeFile(temporaries[parts.length], await description.of(files));
  });
  return paths;
}

interface Part {
  readonly path: string;
  readonly write: (temporary: string, stage: Stage) => Promise<void>;
}

function partsOf(table: EmbeddingTable, format: ExportFormat, path: string): Part[] {
  const { pinIds, vectors, dimension } = table;
  switch (format) {
    case 'arrow': {
      const schema = tableSchema(table);
      const write: Part['write'] = async (temporary, stage) => {
        await writeArrowFile(temporary, schema, tableBatches(table, schema));
        stage.finish();
      };
      return [{ path, write }];
    }
    case 'parquet':
      return [{ path, write: (temporary, stage) => writeParquet(table, temporary, stage) }];
    case 'npy': {
      const { values, width } = codesOf(vectors, dimension);
      const scales = scalesOf(vectors);
      return [
        numpyPart(path, values, [pinIds.length, width]),
        chunked(`${path}.ids.jsonl`, pinIds.length, (from, to) => jsonLines(pinIds.slice(from, to))),
        ...(scales ? [numpyPart(`${path}.scales.npy`, scales, [pinIds.length])] : []),
      ];
    }
    case 'jsonl':
      return [chunked(path, pinIds.length, (from, to) => jsonLines(objects(table, from, to)))];
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

function numpyPart(path: string, values: NumpyArray, shape: readonly number[]): Part {
  const width = shape[1] ?? 1;
  const chunk = (from: number, to: number): Uint8Array => {
    const rows = values.subarray(from * width, to * width);
    return new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  };
  return chunked(path, shape[0], chunk, npyHeader(values, shape));
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

function chunked(
  path: string,
  rows: number,
  chunk: (from: number, to: number) => string | Uint8Array,
  header?: Uint8Array,
): Part {
  const write = (temporary: string, stage: Stage): Promise<void> =>
    withFile(temporary, async (file) => {
      if (header) await file.write(header);
      for (let from = 0; from < rows; from += chunkRows) {
        const to = Math.min(from + chunkRows, rows);
        await file.writeFile(chunk(from, to));
        stage.update(to);
      }
      stage.finish();
    });
  return { path, write };
}

/** Parquet in row groups, each made from one Arrow batch; fixed-size lists stay fixed-size lists. */
async function writeParquet(table: EmbeddingTable, temporary: string, stage: Stage): Promise<void> {
  const { Compression, Table, transformParquetStream, WriterPropertiesBuilder } = await import('parquet-wasm');
  let rows = 0;
  const batches = tableBatches(table, tableSchema(table), chunkRows);
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
}
