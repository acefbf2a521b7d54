import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportTable } from '../../src/embedding/export-table.js';
import { openEmbeddingTable, writeEmbeddingTable } from '../../src/embedding/table-file.js';
import { type EmbeddingTable, vectorOf } from '../../src/embedding/table.js';
import { random } from '../../src/random.js';

const source = random(3);
/** More rows than a chunk holds, and ids that files could trip over. */
const pinIds = ['a/b?c%', '日本 🎏', 'line\nbreak', '', ...Array.from({ length: 17_000 }, (_, i) => `pin ${i}`)];
const dimension = 5;
const table: EmbeddingTable<Float32Array> = {
  modelId: 'model-1',
  graphId: 'graph-1',
  dimension,
  metric: 'cosine',
  pinIds,
  vectors: Float32Array.from({ length: pinIds.length * dimension }, () => source.normal()),
};
const last = pinIds.length - 1;

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'boardwalk-export-'));
  file = join(directory, 'vectors');
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A reader that is not ours. */
async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function expectRow([id, embedding]: unknown[], row: number): void {
  expect(id).toBe(pinIds[row]);
  expect(Array.from(embedding as Iterable<number>, Math.fround)).toEqual(Array.from(vectorOf(table, row)));
}

it('opens a table as it was written', async () => {
  await writeEmbeddingTable(file, table);
  expect(await openEmbeddingTable(file)).toEqual(table);
});

it('opens a table of no pins', async () => {
  const empty = { ...table, pinIds: [], vectors: new Float32Array() };
  await writeEmbeddingTable(file, empty);
  expect(await openEmbeddingTable(file)).toEqual(empty);
});

it('exports a table of no pins to a file that others read', async () => {
  const empty = { ...table, pinIds: [], vectors: new Float32Array() };
  await exportTable(empty, 'parquet', file);
  expect(await query(`select pin_id, embedding from read_parquet('${file}')`)).toEqual([]);
  for (const format of ['arrow', 'npy', 'jsonl'] as const) await exportTable(empty, format, file);
});

it('names a missing and a damaged table', async () => {
  await expect(openEmbeddingTable(file)).rejects.toMatchObject({ code: 'not_found', subject: { file } });
  writeFileSync(file, 'not arrow');
  await expect(openEmbeddingTable(file)).rejects.toMatchObject({ code: 'bad_file', subject: { file } });
});

it('exports Arrow that a plain reader reads, metadata too', async () => {
  expect(await exportTable(table, 'arrow', file)).toEqual([file]);
  const read = tableFromIPC(readFileSync(file));
  expect(read.numRows).toBe(pinIds.length);
  expect(String(read.schema.fields[1].type)).toMatch(/^FixedSizeList\[5\]<Float32>$/);
  expect(Object.fromEntries(read.schema.metadata)).toEqual({
    model_id: 'model-1',
    graph_id: 'graph-1',
    dimension: '5',
    metric: 'cosine',
  });
  for (const row of [0, 1, 2, 3, last])
    expectRow([read.getChild('pin_id')?.get(row), read.getChild('embedding')?.get(row)], row);
});

it('exports Parquet that DuckDB reads', async () => {
  await exportTable(table, 'parquet', file);
  const rows = await query(`select pin_id, embedding from read_parquet('${file}')`);
  expect(rows).toHaveLength(pinIds.length);
  for (const row of [0, 1, 2, 3, 16_384, last]) expectRow(rows[row], row);
});

it('exports JSONL that DuckDB reads', async () => {
  await exportTable(table, 'jsonl', file);
  const rows = await query(
    `select pin_id, embedding from read_json('${file}', format = 'newline_delimited', columns = {pin_id: 'VARCHAR', embedding: 'FLOAT[]'})`,
  );
  expect(rows).toHaveLength(pinIds.length);
  for (const row of [0, 1, 2, 3, last]) expectRow(rows[row], row);
});

it('exports npy with a header that NumPy accepts, and ids beside it', async () => {
  expect(await exportTable(table, 'npy', file)).toEqual([file, `${file}.ids.jsonl`]);
  const bytes = readFileSync(file);
  expect(bytes.toString('latin1', 0, 6)).toBe('\x93NUMPY');
  expect([bytes[6], bytes[7]]).toEqual([1, 0]);
  const start = 10 + bytes.readUInt16LE(8);
  expect(start % 64).toBe(0);
  const header = bytes.toString('latin1', 10, start);
  expect(header.trimEnd()).toBe(`{'descr': '<f4', 'fortran_order': False, 'shape': (${pinIds.length}, 5), }`);
  expect(header.endsWith('\n')).toBe(true);
  expect(bytes.length - start).toBe(4 * table.vectors.length);
  expect(bytes.readFloatLE(start + 4 * (last * dimension + 2))).toBe(vectorOf(table, last)[2]);
  const ids = readFileSync(`${file}.ids.jsonl`, 'utf8').trimEnd().split('\n');
  expect(ids.map((line) => JSON.parse(line))).toEqual(pinIds);
});

it('leaves the old file where an export fails, and no part of the new one', async () => {
  writeFileSync(file, 'old');
  const broken = { ...table, pinIds: undefined as never };
  await expect(exportTable(broken, 'jsonl', file)).rejects.toThrow();
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(existsSync(`${file}.part`)).toBe(false);
});

it('lets a description lie with the files that it tells of, or not at all', async () => {
  const path = `${file}.schema.json`;
  const telling = (text: string) => ({ description: { path, of: async () => text } });
  const files = await exportTable(table, 'npy', file, telling('first'));
  const before = files.map((each) => readFileSync(each));
  const failing = async (): Promise<string> => {
    throw new Error('no more');
  };
  const other = { ...table, pinIds: pinIds.toReversed() };
  await expect(exportTable(other, 'npy', file, { description: { path, of: failing } })).rejects.toThrow('no more');
  expect(files.map((each) => readFileSync(each))).toEqual(before);
  expect(readFileSync(path, 'utf8')).toBe('first');

  // Stopped among the renames.
  rmSync(files[1]);
  mkdirSync(join(files[1], 'in the way'), { recursive: true });
  await expect(exportTable(other, 'npy', file, telling('second'))).rejects.toThrow();
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
});
