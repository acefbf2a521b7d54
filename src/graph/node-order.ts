import { BoardwalkError } from '../errors.js';
import type { AttributeName, Attributes, Side } from './graph.js';

/** Attributes that nodes may be numbered by: those whose values many nodes share. */
export const orderColumns = ['language', 'topic', 'domain', 'owner'] as const satisfies readonly AttributeName[];

export type OrderColumn = (typeof orderColumns)[number];

/** A value for each of the first columns of an order; null stands for the nodes that have none. */
export type OrderKey = Partial<Record<OrderColumn, string | null>>;

/** Dense indices from the first up to, and without, the second. */
export type NodeRange = readonly [from: number, to: number];

/**
 * Nodes numbered by (columns …, id), absent values last. Rows ascend, so the neighbours that share a key lie
 * side by side in every row: a personalised neighbourhood is a sub-range of it (Pixie, section 3.1).
 */
export interface NodeOrder {
  readonly columns: readonly OrderColumn[];
  /**
   * The nodes that have these values, which are those of the first columns; an empty range where none has.
   * Undefined where they lie in no one range: a column before a given one is missing from `key`, or no node of
   * this side has such an attribute at all.
   */
  range(side: Side, key: OrderKey): NodeRange | undefined;
  /** The values that the next column takes among the nodes of a key, in order, with their ranges. */
  values(side: Side, key?: OrderKey): { value: string | null; range: NodeRange }[];
}

/** Reads `language,topic`. */
export function parseOrder(text: string): OrderColumn[] {
  const columns = text.split(',');
  for (const [index, column] of columns.entries())
    if (!orderColumns.includes(column as OrderColumn) || columns.indexOf(column) < index)
      throw new BoardwalkError(
        'bad_option',
        `--order holds "${column}". Write one or more of ${orderColumns.join(', ')}, each once, with commas between.`,
        { field: 'order' },
      );
  return columns as OrderColumn[];
}

/** Where a code unit comes among UTF-8's bytes: surrogates, which stand for the highest characters, behind all others. */
const rankOf = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** By UTF-8 bytes, as the build orders; absent values last. */
export function compareText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return rankOf(a.charCodeAt(i)) - rankOf(b.charCodeAt(i));
  }
  return a.length - b.length;
}

/** The first index of [from, to) that `holds`, which stays true from there on; `to` where none does. */
function firstWhere(from: number, to: number, holds: (index: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const columnsGiven = (key: OrderKey): number => Object.values(key).filter((value) => value !== undefined).length;

type Sides = Record<Side, { size: number; attributes: Attributes }>;

/**
 * The order of nodes that are numbered so already. Ranges are found by binary search in the attributes
 * themselves, so the order takes no memory: some 2 log₂ n cells are decoded for each column of a key.
 */
export function nodeOrder(columns: readonly OrderColumn[], sides: Sides): NodeOrder {
  const range: NodeOrder['range'] = (side, key) => {
    const { size, attributes } = sides[side];
    let [from, to] = [0, size];
    const given = columnsGiven(key);
    if (given > columns.length) return undefined;
    for (const column of columns.slice(0, given)) {
      const value = key[column];
      if (value === undefined || !attributes.names.includes(column)) return undefined;
      const start = firstWhere(from, to, (index) => compareText(attributes.get(column, index), value) >= 0);
      to = firstWhere(start, to, (index) => compareText(attributes.get(column, index), value) > 0);
      from = start;
    }
    return [from, to];
  };
  const values: NodeOrder['values'] = (side, key = {}) => {
    const whole = range(side, key);
    const column = columns[columnsGiven(key)];
    const { attributes } = sides[side];
    const found: ReturnType<NodeOrder['values']> = [];
    if (whole === undefined || column === undefined || !attributes.names.includes(column)) return found;
    for (let [from, end] = whole; from < end; from = found[found.length - 1].range[1]) {
      const value = attributes.get(column, from);
      const to = firstWhere(from, end, (index) => compareText(attributes.get(column, index), value) > 0);
      found.push({ value, range: [from, to] });
    }
    return found;
  };
  return { columns, range, values };
}
