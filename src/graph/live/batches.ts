import { attributeNames } from '../../data/columns.js';
import { isoMilliseconds } from '../../data/iso-time.js';
import { BoardwalkError } from '../../errors.js';
import type { AttributeName, Side } from '../graph.js';
import type { Cells } from './node-register.js';
import type { DescribeOperation, EdgeOperation, RemoveOperation } from './operation.js';
import type { SegmentDictionary } from './segment-dictionary.js';

/** Edges by their ends' ids, column by column. */
export interface EdgeBatch {
  readonly boardIds: readonly string[];
  readonly pinIds: readonly string[];
  /** Milliseconds since 1970, NaN where unknown. */
  readonly addedAt?: ArrayLike<number>;
  /** 0 or more, NaN where unknown. */
  readonly weight?: ArrayLike<number>;
}

/** A pin or a board with the attributes to set; null takes one away. `created_at` is an ISO 8601 date. */
export interface NodeRow extends Cells {
  readonly id: string;
}

function wrong(field: string, row: number, sentence: string): never {
  throw new BoardwalkError('bad_request', `${field} of row ${row} ${sentence}`, { field, row });
}

/** Half of a surrogate pair has no UTF-8, so it would come back as another text. Node has the method, the types do not yet. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

function checkId(id: unknown, field: string, row: number): void {
  if (typeof id !== 'string' || id === '')
    wrong(field, row, 'is missing. Every id is a text of at least one character.');
  if (!isWellFormed(id as string)) wrong(field, row, 'is no well-formed Unicode text.');
}

/** Throws `bad_request` for the first row that cannot be taken. */
export function checkEdges({ boardIds, pinIds, addedAt, weight }: EdgeBatch): void {
  for (const [field, column] of Object.entries({ pin_id: pinIds, added_at: addedAt, weight }))
    if (column && column.length !== boardIds.length)
      throw new BoardwalkError(
        'bad_request',
        `${field} has ${column.length} rows and board_id has ${boardIds.length}. Give one of each for every edge.`,
        { field },
      );
  for (let row = 0; row < boardIds.length; row++) {
    checkId(boardIds[row], 'board_id', row);
    checkId(pinIds[row], 'pin_id', row);
    if (addedAt && Math.abs(addedAt[row]) > 8.64e15)
      wrong('added_at', row, 'is no date. Give milliseconds since 1970.');
    if (weight && (weight[row] < 0 || weight[row] > 3.4e38)) wrong('weight', row, 'must be finite and 0 or more.');
  }
}

/** Rows `from` … `to - 1` as the log holds them; ids that the segment does not know become known. */
export function edgeOperation(
  kind: EdgeOperation['kind'],
  { boardIds, pinIds, addedAt, weight }: EdgeBatch,
  [from, to]: readonly [number, number],
  dictionary: SegmentDictionary,
): EdgeOperation {
  const newIds = { boards: [] as string[], pins: [] as string[] };
  const boards = dictionary.boards.codes(boardIds, [from, to], newIds.boards);
  const pins = dictionary.pins.codes(pinIds, [from, to], newIds.pins);
  return {
    kind,
    newIds,
    boards,
    pins,
    addedAt: addedAt && piece(new Float64Array(to - from), addedAt, from).map(Math.round),
    weight: weight && piece(new Float32Array(to - from), weight, from),
  };
}

function piece<T extends Float64Array | Float32Array>(into: T, column: ArrayLike<number>, from: number): T {
  for (let row = 0; row < into.length; row++) into[row] = column[from + row];
  return into;
}

function cellOf(name: AttributeName, value: unknown, row: number): string | null {
  if (value === null || value === '') return null;
  if (typeof value !== 'string' || !isWellFormed(value)) wrong(name, row, 'is no well-formed text.');
  if (name !== 'created_at') return value as string;
  // A year alone is a date here, as in files.
  const time = isoMilliseconds(/^[12]\d{3}$/.test(value as string) ? `${value}-01-01` : (value as string));
  if (Number.isNaN(time)) wrong(name, row, 'is no ISO 8601 date. Write it as 2024-01-31 or 2024-01-31T12:00:00Z.');
  return new Date(time).toISOString();
}

export function describeOperation(side: Side, rows: readonly NodeRow[]): DescribeOperation {
  const cells = rows.map((given, row) => {
    checkId(given.id, side === 'pins' ? 'pin_id' : 'board_id', row);
    const named = attributeNames.filter((name) => given[name] !== undefined);
    return Object.fromEntries(named.map((name) => [name, cellOf(name, given[name], row)])) as Cells;
  });
  return { kind: 'describe', side, ids: rows.map(({ id }) => id), cells };
}

export function removeOperation(side: Side, ids: readonly string[]): RemoveOperation {
  ids.forEach((id, row) => checkId(id, side === 'pins' ? 'pin_id' : 'board_id', row));
  return { kind: 'remove', side, ids };
}
