import type { FlatTable } from './flat-table.js';

/** The types of Arrow's `Type` union that are told apart here. */
const type = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  fixedBinary: 15,
  fixedList: 16,
  map: 17,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
} as const;

/** What one buffer of a column holds. */
export type BufferRole = 'validity' | 'offsets' | 'long offsets' | 'bytes' | { bits: number };

/** One field of a schema, as far as it decides which buffers a record batch has. */
export interface FieldLayout {
  readonly name: string;
  /** null for types whose buffers cannot be foretold here (unions, views, run ends). */
  readonly buffers: readonly BufferRole[] | null;
  readonly children: readonly FieldLayout[];
  /** Rows of the child for each row; null where the child's length is its own. */
  readonly perRow: number | null;
  /** Dictionaries that the field or its children refer to. */
  readonly dictionary?: { id: number; values: FieldLayout };
}

/** Deeper nesting than this, or more fields, is damage: a field that points at itself would never end. */
const deepest = 32;
const fieldLimit = 100_000;

function buffersOf(kind: number, parameters: FlatTable | undefined): readonly BufferRole[] | null {
  const fixed = (bits: number): BufferRole[] => ['validity', { bits }];
  switch (kind) {
    case type.null:
      return [];
    case type.bool:
      return fixed(1);
    case type.int:
    case type.time:
      return fixed(parameters?.int(kind === type.int ? 0 : 1, kind === type.int ? 0 : 32) ?? 0);
    case type.float:
      return fixed([16, 32, 64][parameters?.short(0) ?? 0] ?? 0);
    case type.decimal:
      return fixed(parameters?.int(2, 128) ?? 128);
    case type.date:
      return fixed(parameters?.short(0, 1) === 0 ? 32 : 64);
    case type.timestamp:
    case type.duration:
      return fixed(64);
    case type.interval:
      return fixed([32, 64, 128][parameters?.short(0) ?? 0] ?? 0);
    case type.fixedBinary:
      return fixed(8 * (parameters?.int(0) ?? 0));
    case type.binary:
    case type.utf8:
      return ['validity', 'offsets', 'bytes'];
    case type.largeBinary:
    case type.largeUtf8:
      return ['validity', 'long offsets', 'bytes'];
    case type.list:
    case type.map:
      return ['validity', 'offsets'];
    case type.largeList:
      return ['validity', 'long offsets'];
    case type.struct:
    case type.fixedList:
      return ['validity'];
    default:
      return null;
  }
}

/** The fields of a `Schema` table, with every count in it checked. */
export function fieldsOf(schema: FlatTable): FieldLayout[] {
  let left = fieldLimit;
  const read = (field: FlatTable, depth: number): FieldLayout => {
    if (depth > deepest || --left < 0) throw new RangeError('its schema nests without end');
    const kind = field.byte(2);
    const parameters = field.table(3);
    const values: FieldLayout = {
      name: field.text(0),
      buffers: buffersOf(kind, parameters),
      children: field.tables(5).map((child) => read(child, depth + 1)),
      perRow: kind === type.struct ? 1 : kind === type.fixedList ? (parameters?.int(0) ?? 0) : null,
    };
    field.tables(6);
    const encoding = field.table(4);
    if (encoding === undefined) return values;
    const bits = encoding.table(1)?.int(0) ?? 32;
    return {
      name: values.name,
      buffers: ['validity', { bits }],
      children: [],
      perRow: null,
      dictionary: { id: encoding.long(0), values },
    };
  };
  schema.tables(2);
  return schema.tables(1).map((field) => read(field, 0));
}
