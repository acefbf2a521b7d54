import { type Data, DataType, type Table, TimestampMillisecond, Utf8, type Vector } from 'apache-arrow';
import { textAt } from '../data/arrow-text.js';
import { recordBatch, schemaOf, textColumn, timeColumn } from './arrow-columns.js';
import { type FileRecord, openTable, writeArrowFile } from './arrow-file.js';
import { BoardwalkError } from '../errors.js';
import type { AttributeName, Attributes } from './graph.js';

/** Some consecutive nodes: their ids and, for each attribute of the file, one cell a node. */
export interface NodeBatch {
  ids: readonly string[];
  /** `created_at` as ISO 8601. */
  columns: Partial<Record<AttributeName, readonly (string | null)[]>>;
}

/** What a Date can hold, in milliseconds before and after 1970. */
const lastTime = 864e13;

const milliseconds = (cell: string | null): number => (cell === null ? Number.NaN : Date.parse(cell));

function typeOf(name: AttributeName): DataType {
  return name === 'created_at' ? new TimestampMillisecond('UTC') : new Utf8();
}

function columnOf(name: AttributeName, cells: readonly (string | null)[]): Data {
  return name === 'created_at' ? timeColumn(cells.map(milliseconds)) : textColumn(cells);
}

/** Column `id` and the attributes that any node has, in batches. */
export function writeAttributes(
  path: string,
  names: readonly AttributeName[],
  batches: Iterable<NodeBatch> | AsyncIterable<NodeBatch>,
): Promise<FileRecord> {
  const schema = schemaOf({ id: new Utf8(), ...Object.fromEntries(names.map((name) => [name, typeOf(name)])) });
  async function* rows() {
    for await (const { ids, columns } of batches) {
      const absent = ids.map(() => null);
      const cells = names.map((name) => columnOf(name, columns[name] ?? absent));
      yield recordBatch(schema, ids.length, [textColumn(ids), ...cells]);
    }
  }
  return writeArrowFile(path, schema, rows());
}

/** All cells of a column that misses none. */
export function textsIn(column: Vector<Utf8>): string[] {
  const ids = new Array<string>(column.length);
  let next = 0;
  for (const { values, valueOffsets, length } of column.data) {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    for (let row = 0; row < length; row++)
      ids[next++] = bytes.toString('utf8', valueOffsets[row], valueOffsets[row + 1]);
  }
  return ids;
}

/** Null for what is no time of the calendar, as a damaged cell may be. */
function timeText(time: number): string | null {
  return Math.abs(time) <= lastTime ? new Date(time).toISOString() : null;
}

/** Cells are decoded when they are asked for. */
function attributesIn(table: Table): Attributes {
  const names = table.schema.names.filter((name) => name !== 'id') as AttributeName[];
  const columns = new Map<string, readonly Data[]>(names.map((name) => [name, table.getChild(name)?.data ?? []]));
  const starts: number[] = [];
  let rows = 0;
  for (const batch of table.batches) {
    starts.push(rows);
    rows += batch.numRows;
  }
  const batchOf = (index: number): number => {
    let batch = Math.min(Math.floor(index / (table.batches[0]?.numRows || 1)), starts.length - 1);
    while (starts[batch] > index) batch--;
    while (batch + 1 < starts.length && starts[batch + 1] <= index) batch++;
    return batch;
  };
  return {
    names,
    get(name, index) {
      const column = columns.get(name);
      if (column === undefined || !(index >= 0 && index < rows)) return null;
      const batch = batchOf(index);
      const data = column[batch];
      const row = index - starts[batch];
      if (!data.getValid(row)) return null;
      if (name === 'created_at') return timeText(Number((data.values as BigInt64Array)[row]));
      return textAt(data as Data<Utf8>, row);
    },
  };
}

export function openAttributes(path: string): { ids: string[]; attributes: Attributes } {
  const table = openTable(path);
  for (const { name, type } of table.schema.fields) {
    if (name === 'created_at' ? DataType.isTimestamp(type) : DataType.isUtf8(type)) continue;
    throw new BoardwalkError('bad_file', `${path}: its column "${name}" is of type ${type}. Build the graph again.`, {
      file: path,
      field: name,
    });
  }
  const ids = table.getChild('id');
  if (ids === null)
    throw new BoardwalkError('bad_file', `${path} has no column "id". Build the graph again.`, { file: path });
  return { ids: textsIn(ids), attributes: attributesIn(table) };
}
