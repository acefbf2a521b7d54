import { BoardwalkError } from '../errors.js';
import { type BufferRole, fieldsOf, type FieldLayout } from './arrow-fields.js';
import type { Bytes } from './file-bytes.js';
import { FlatTable } from './flat-table.js';

/** Where one buffer of a column lies in its file. */
export interface ArrowBuffer {
  column: string;
  /** Number of its record batch, from 0; -1 for a dictionary. */
  batch: number;
  from: number;
  bytes: number;
}

const magic = 'ARROW1';
/** Of Arrow's `MessageHeader` union. */
const kinds = { schema: 1, dictionary: 2, batch: 3 } as const;

/** What is wrong in a column; becomes the cause of the error that names the file. */
class ColumnDamage extends RangeError {
  readonly column: string;

  constructor(column: string, what: string) {
    super(`column "${column}" ${what}`);
    this.column = column;
  }
}

interface Message {
  at: number;
  kind: number;
  header: FlatTable;
  body: { from: number; bytes: number };
}

/** Nodes and buffers of one record batch, dealt out to its columns in the order of the schema. */
class Deal {
  readonly #nodes: number[][];
  readonly #buffers: number[][];
  readonly #body: Message['body'];
  readonly #number: number;
  /** Compressed buffers have sizes of their own. */
  readonly #packed: boolean;
  #node = 0;
  #buffer = 0;

  constructor(batch: FlatTable, body: Message['body'], number: number) {
    this.#number = number;
    this.#nodes = batch.longs(1, 2);
    this.#buffers = batch.longs(2, 2);
    this.#packed = batch.table(3) !== undefined;
    this.#body = body;
    batch.longs(4, 1);
    for (const [from, bytes] of this.#buffers)
      if (from < 0 || bytes < 0 || from + bytes > body.bytes) throw new RangeError('a buffer lies outside its batch');
  }

  /** False where the types below cannot be followed, and the rest of the batch with them. */
  *column(field: FieldLayout, column: string, rows: number | null): Generator<ArrowBuffer, boolean> {
    if (field.buffers === null) return false;
    const [length, nulls] = this.#nodes[this.#node++] ?? [-1, 0];
    if (length < 0 || (rows !== null && length !== rows))
      throw new ColumnDamage(column, `has ${length} rows instead of ${rows ?? 'some'}`);
    for (const role of field.buffers) {
      const [from, bytes] = this.#buffers[this.#buffer++] ?? [0, -1];
      if (bytes < (this.#packed ? 0 : bytesNeeded(role, length, nulls)))
        throw new ColumnDamage(column, `is shorter than its ${length} rows`);
      yield { column, batch: this.#number, from: this.#body.from + from, bytes };
    }
    for (const child of field.children)
      if (!(yield* this.column(child, column, field.perRow === null ? null : field.perRow * length))) return false;
    return true;
  }
}

function bytesNeeded(role: BufferRole, length: number, nulls: number): number {
  if (length === 0 || role === 'bytes') return 0;
  if (role === 'validity') return nulls > 0 ? Math.ceil(length / 8) : 0;
  if (role === 'offsets') return 4 * (length + 1);
  if (role === 'long offsets') return 8 * (length + 1);
  return Math.ceil((role.bits * length) / 8);
}

function* messagesIn(file: Bytes, start: number, end: number): Generator<Message> {
  for (let at = start; at < end;) {
    const first = file.view(at, 4).getInt32(0, true);
    // Before Arrow 0.15, a message began with its length.
    const prefix = first === -1 ? 8 : 4;
    const length = first === -1 ? file.view(at + 4, 4).getInt32(0, true) : first;
    if (length === 0) return;
    if (length < 0 || at + prefix + length > end) throw new RangeError('a message reaches past its end');
    const table = FlatTable.root(file.read(at + prefix, length));
    const body = { from: at + prefix + length, bytes: table.long(3) };
    const header = table.table(2);
    table.tables(4);
    if (header === undefined || body.bytes < 0) throw new RangeError('a message has no header');
    yield { at, kind: table.byte(1), header, body };
    at = body.from + body.bytes;
  }
}

/** Where the messages begin and end: a file has magic bytes around them and a footer behind, a stream neither. */
function span(file: Bytes): { start: number; end: number; footer?: FlatTable } {
  const word = (from: number): string => Buffer.from(file.read(from, magic.length)).toString('latin1');
  if (file.size < 8 || word(0) !== magic) return { start: 0, end: file.size };
  if (file.size < 2 * magic.length + 6 || word(file.size - magic.length) !== magic) return { start: 8, end: file.size };
  const length = file.view(file.size - magic.length - 4, 4).getInt32(0, true);
  const end = file.size - magic.length - 4 - length;
  if (length <= 0 || end < 8) throw new RangeError('its footer is longer than it');
  return { start: 8, end, footer: FlatTable.root(file.read(end, length)) };
}

function dictionariesOf(
  fields: readonly FieldLayout[],
  into: Map<number, [FieldLayout, string]>,
  column?: string,
): void {
  for (const field of fields) {
    const top = column ?? field.name;
    dictionariesOf(field.children, into, top);
    if (field.dictionary === undefined) continue;
    into.set(field.dictionary.id, [field.dictionary.values, top]);
    dictionariesOf([field.dictionary.values], into, top);
  }
}

function* buffersOf(file: Bytes): Generator<ArrowBuffer> {
  const { start, end, footer } = span(file);
  const listed = footer?.table(1);
  if (footer !== undefined && listed === undefined) throw new RangeError('its footer has no schema');
  const dictionaries = new Map<number, [FieldLayout, string]>();
  const learn = (schema: FlatTable): FieldLayout[] => {
    const read = fieldsOf(schema);
    dictionariesOf(read, dictionaries);
    return read;
  };
  // Arrow's own writer leaves the schema's message out of a file, for the footer repeats it.
  let fields = listed && learn(listed);
  const found = new Set<number>();
  let batches = 0;
  for (const { at, kind, header, body } of messagesIn(file, start, end)) {
    found.add(at);
    if (kind === kinds.schema) {
      fields = learn(header);
      continue;
    }
    const batch = kind === kinds.dictionary ? header.table(1) : kind === kinds.batch ? header : undefined;
    if (fields === undefined && start > 0) throw new RangeError(`it is cut short at byte ${file.size}`);
    if (fields === undefined || batch === undefined) throw new RangeError('its messages are out of order');
    const deal = new Deal(batch, body, kind === kinds.batch ? batches++ : -1);
    const rows = batch.long(0);
    if (kind === kinds.dictionary) {
      const [values, column] = dictionaries.get(header.long(0)) ?? [];
      if (values === undefined || column === undefined) throw new RangeError('it has a dictionary without a column');
      yield* deal.column(values, column, rows);
    } else for (const field of fields) if (!(yield* deal.column(field, field.name, rows))) break;
    if (body.from + body.bytes > end) throw new RangeError('its last batch is not whole');
  }
  if (fields === undefined) throw new RangeError('it has no schema');
  if (footer === undefined) return;
  for (const [at] of [...footer.longs(2, 3), ...footer.longs(3, 3)])
    if (!found.has(at)) throw new RangeError('its footer names a batch that is not there');
}

function refuse(path: string, cause: unknown, mend: string): BoardwalkError {
  return new BoardwalkError(
    'bad_file',
    `${path} is damaged or no Arrow file: ${(cause as Error).message}. ${mend}`,
    { file: path, ...(cause instanceof ColumnDamage && { field: cause.column }) },
    { cause },
  );
}

/**
 * Every buffer of an Arrow file or stream, with its column, in the order of the file. Each count, length and
 * place in the metadata is checked on the way, so what passes can be given to Arrow's reader, which checks
 * none: it would loop, or allocate, for as long as a damaged number says. Data is not read.
 * @throws BoardwalkError `bad_file`
 */
export function* arrowBuffers(file: Bytes, mend: string): Generator<ArrowBuffer> {
  try {
    for (const buffer of buffersOf(file)) {
      if (buffer.from + buffer.bytes > file.size)
        throw new ColumnDamage(buffer.column, `is cut short by the end of the file at byte ${file.size}`);
      yield buffer;
    }
  } catch (cause) {
    throw refuse(file.path, cause, mend);
  }
}

/**
 * The column that a file is cut short in, told without the schema, which lies at the file's end: from the number
 * of buffers that each column has in a batch. Undefined where the cut is between two batches, or cannot be told.
 */
export function columnAtEnd(
  file: Bytes,
  buffers: readonly (readonly [column: string, count: number])[],
): string | undefined {
  const order = buffers.flatMap(([column, count]) => Array.from({ length: count }, () => column));
  try {
    for (const { kind, header, body } of messagesIn(file, magic.length + 2, file.size)) {
      if (kind !== kinds.batch) continue;
      for (const [index, [from, bytes]] of header.longs(2, 2).entries())
        if (body.from + from + bytes > file.size) return order[index];
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

/** @throws BoardwalkError `bad_file` where the metadata of an Arrow file cannot be true */
export function checkArrow(file: Bytes, mend: string): void {
  const buffers = arrowBuffers(file, mend);
  while (!buffers.next().done);
}
