import {
  type Data,
  DataType,
  Dictionary,
  Float32,
  Int32,
  makeData,
  type Schema,
  type Table,
  TimestampMillisecond,
  Utf8,
  type Vector,
  makeVector,
} from 'apache-arrow';
import { BoardwalkError } from '../errors.js';
import {
  floatColumn,
  floatsIn,
  recordBatch,
  schemaOf,
  textColumn,
  timeColumn,
  timesIn,
  validity,
} from './arrow-columns.js';
import { batchRows, type FileRecord, openTable, writeArrowFile } from './arrow-file.js';
import { textsIn } from './attributes-file.js';
import type { Adjacency, EdgeColumns, SectionColumn } from './graph.js';

export const edgeFiles = { pins: 'pins.edges.arrow', boards: 'boards.edges.arrow' } as const;

/** Per-edge columns as they are written, in the order of `boards.neighbours`. */
export type StoredEdgeColumns = EdgeColumns;

/** Which columns a graph's edges have. */
export interface EdgeKinds {
  readonly addedAt: boolean;
  readonly weight: boolean;
  /** Every section's name, by code less one; none where no edge has a section. */
  readonly sections: readonly string[];
}

/** The columns of all edges, handed out in part: they need not fit in memory. */
export interface EdgeColumnSource {
  kinds: EdgeKinds;
  count: number;
  slice(from: number, to: number): StoredEdgeColumns;
}

/** Columns that lie in memory. */
export function columnSource({ addedAt, weight, sections }: StoredEdgeColumns): EdgeColumnSource {
  return {
    kinds: { addedAt: addedAt !== undefined, weight: weight !== undefined, sections: sections?.names ?? [] },
    count: (addedAt ?? weight ?? sections?.codes ?? []).length,
    slice: (from, to) => ({
      addedAt: addedAt?.subarray(from, to),
      weight: weight?.subarray(from, to),
      sections: sections && { names: sections.names, codes: sections.codes.subarray(from, to) },
    }),
  };
}

function schemaFor({ addedAt, weight, sections }: EdgeKinds): Schema {
  return schemaOf({
    ...(addedAt && { added_at: new TimestampMillisecond('UTC') }),
    ...(weight && { weight: new Float32() }),
    // Its number in the file: left to Arrow, it would count up from one graph to the next of a process.
    ...(sections.length > 0 && { section: new Dictionary(new Utf8(), new Int32(), 0) }),
  });
}

/** Writes the columns that there are; none where an edge has nothing but its two ends. */
export async function writeEdges(path: string, source: EdgeColumnSource): Promise<FileRecord | undefined> {
  const { kinds, count } = source;
  const schema = schemaFor(kinds);
  if (schema.fields.length === 0) return undefined;
  const dictionary = kinds.sections.length > 0 ? makeVector(textColumn(kinds.sections)) : undefined;
  const type = schema.fields.find((field) => field.name === 'section')?.type as Dictionary<Utf8, Int32>;
  function* batches() {
    for (let from = 0; from === 0 || from < count; from += batchRows) {
      const to = Math.min(count, from + batchRows);
      const { addedAt, weight, sections } = source.slice(from, to);
      const cells = [];
      if (addedAt) cells.push(timeColumn(addedAt));
      if (weight) cells.push(floatColumn(weight));
      if (sections) {
        const { codes } = sections;
        const data = Int32Array.from(codes, (code) => Math.max(0, code - 1));
        const nulls = validity(codes.length, (i) => codes[i] > 0);
        cells.push(makeData({ type, length: codes.length, data, dictionary, ...nulls }));
      }
      yield recordBatch(schema, to - from, cells);
    }
  }
  return writeArrowFile(path, schema, batches());
}

/** The columns in the order of `pins.neighbours`: within a pin, boards ascend as they do in the transpose. */
export function seenFromPins(columns: StoredEdgeColumns, boards: Adjacency, pins: Adjacency): StoredEdgeColumns {
  const { addedAt, weight, sections } = columns;
  if (!addedAt && !weight && !sections) return {};
  const next = pins.offsets.slice(0, -1);
  const place = Uint32Array.from(boards.neighbours, (pin) => next[pin]++);
  const moved = <T extends Float64Array | Float32Array | Uint16Array | Uint32Array>(from: T): T => {
    const to = new (from.constructor as new (length: number) => T)(from.length);
    for (let edge = 0; edge < place.length; edge++) to[place[edge]] = from[edge];
    return to;
  };
  return {
    addedAt: addedAt && moved(addedAt),
    weight: weight && moved(weight),
    sections: sections && { names: sections.names, codes: moved(sections.codes) },
  };
}

/** Fills `into` batch by batch. */
function gather<C extends DataType, T extends Float64Array | Float32Array>(
  table: Table,
  name: string,
  into: T,
  copy: (column: Data<C>, part: T) => void,
): T {
  let next = 0;
  for (const column of (table.getChild(name)?.data ?? []) as readonly Data<C>[]) {
    copy(column, into.subarray(next, next + column.length) as T);
    next += column.length;
  }
  return into;
}

/** The file's columns; throws where one is not of `count` edges. */
export function openEdgeTable(path: string, count: number): Table {
  const table = openTable(path, 2);
  const columns: [string, (type: DataType | undefined) => boolean][] = [
    ['added_at', DataType.isTimestamp],
    ['weight', DataType.isFloat],
    ['section', DataType.isDictionary],
  ];
  for (const [name, isRight] of columns) {
    const column = table.getChild(name);
    if (column === null || (isRight(column.type) && column.length === count)) continue;
    throw new BoardwalkError(
      'bad_file',
      `${path}: its column "${name}" has ${column.length} rows of ${column.type}; the graph has ${count} edges. Build the graph again.`,
      { file: path, field: name },
    );
  }
  return table;
}

function sectionsIn(table: Table, count: number): SectionColumn {
  const codes = new Uint32Array(count);
  const columns = (table.getChild('section')?.data ?? []) as readonly Data<Dictionary<Utf8, Int32>>[];
  let next = 0;
  for (const column of columns) {
    const { values, length } = column;
    for (let row = 0; row < length; row++) if (column.getValid(row)) codes[next + row] = values[row] + 1;
    next += length;
  }
  return { names: textsIn(columns[0].dictionary as Vector<Utf8>), codes };
}

/** Edge columns that are read when first asked for, by `open`: a walk needs none of them. */
export function openEdges(count: number, open: () => Table): EdgeColumns {
  let table: Table | undefined;
  const load = (): Table => (table ??= open());
  let addedAt: Float64Array | undefined;
  let weight: Float32Array | undefined;
  let sections: SectionColumn | undefined;
  return {
    get addedAt() {
      if (load().getChild('added_at') === null) return undefined;
      return (addedAt ??= gather(load(), 'added_at', new Float64Array(count), timesIn));
    },
    get weight() {
      if (load().getChild('weight') === null) return undefined;
      return (weight ??= gather(load(), 'weight', new Float32Array(count), floatsIn));
    },
    get sections() {
      if (load().getChild('section') === null) return undefined;
      return (sections ??= sectionsIn(load(), count));
    },
  };
}
