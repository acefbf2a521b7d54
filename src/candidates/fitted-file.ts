import { type Data, Field, FixedSizeList, Float32, List, makeData, type Table, Uint32 } from 'apache-arrow';
import { BoardwalkError } from '../errors.js';
import { recordBatch, schemaOf } from '../graph/arrow-columns.js';
import { fileBytes, readInto, readTable, writeArrowFile } from '../graph/arrow-file.js';
import type { ItemNeighbours } from './item-neighbours.js';
import type { SpectralFactors } from './spectral-factors.js';
import type { TextTerms } from './text-terms.js';

/**
 * Fitted sources as Arrow files of one record batch and one row a pin. They are opened as views of one
 * shared buffer, so that workers get them for nothing. `kind` in the schema's metadata tells them apart.
 */
type Kind = 'item-neighbours' | 'text-terms' | 'spectral-factors';

type Numbers = Uint32Array | Float32Array;

function numbers(values: Numbers): Data {
  const { length } = values;
  return values instanceof Uint32Array
    ? makeData({ type: new Uint32(), length, nullCount: 0, data: values })
    : makeData({ type: new Float32(), length, nullCount: 0, data: values });
}

/** A list column over compressed rows. Arrow's offsets are signed: rows end before 2^31 entries. */
function rows(offsets: Uint32Array, values: Numbers): Data {
  const child = numbers(values) as Data<Float32>;
  return makeData({
    type: new List<Float32>(new Field('item', child.type, false)),
    length: offsets.length - 1,
    nullCount: 0,
    valueOffsets: new Int32Array(offsets.buffer, offsets.byteOffset, offsets.length),
    child,
  });
}

function vectors(dimension: number, values: Float32Array): Data {
  return makeData({
    type: new FixedSizeList(dimension, new Field('item', new Float32(), false)),
    length: values.length / dimension,
    nullCount: 0,
    child: numbers(values) as Data<Float32>,
  });
}

async function write(
  path: string,
  kind: Kind,
  metadata: Record<string, string>,
  columns: Record<string, Data>,
): Promise<void> {
  const types = Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, data.type]));
  const schema = schemaOf(types, false);
  for (const [key, value] of Object.entries({ kind, ...metadata })) schema.metadata.set(key, value);
  const children = Object.values(columns);
  await writeArrowFile(path, schema, [recordBatch(schema, children[0].length, children)]);
}

function open(path: string, kind: Kind): Table {
  const bytes = new Uint8Array(new SharedArrayBuffer(fileBytes(path)));
  readInto(path, bytes);
  const table = readTable(path, bytes);
  const found = table.schema.metadata.get('kind');
  if (found === kind) return table;
  throw new BoardwalkError('bad_file', `${path} holds ${found ?? 'something else'}, not ${kind}. Fit it again.`, {
    file: path,
  });
}

/** A list column's offsets and values. The view of the offsets may be padded, hence the cut. */
function openRows<T extends Numbers>(table: Table, name: string): { offsets: Uint32Array; values: T } {
  const { valueOffsets, children } = table.getChild(name)!.data[0];
  return {
    offsets: new Uint32Array(valueOffsets.buffer, valueOffsets.byteOffset, table.numRows + 1),
    values: (children[0].values as T).subarray(0, valueOffsets[table.numRows]) as T,
  };
}

export async function saveItemNeighbours(
  path: string,
  { offsets, neighbours, weights }: ItemNeighbours,
): Promise<void> {
  await write(path, 'item-neighbours', {}, { neighbours: rows(offsets, neighbours), weights: rows(offsets, weights) });
}

export function loadItemNeighbours(path: string): ItemNeighbours {
  const table = open(path, 'item-neighbours');
  const { offsets, values: neighbours } = openRows<Uint32Array>(table, 'neighbours');
  return { offsets, neighbours, weights: openRows<Float32Array>(table, 'weights').values };
}

export async function saveTextTerms(path: string, { termCount, offsets, terms, weights }: TextTerms): Promise<void> {
  const columns = { terms: rows(offsets, terms), weights: rows(offsets, weights) };
  await write(path, 'text-terms', { term_count: String(termCount) }, columns);
}

export function loadTextTerms(path: string): TextTerms {
  const table = open(path, 'text-terms');
  const { offsets, values: terms } = openRows<Uint32Array>(table, 'terms');
  const termCount = Number(table.schema.metadata.get('term_count'));
  return { termCount, offsets, terms, weights: openRows<Float32Array>(table, 'weights').values };
}

export async function saveSpectralFactors(path: string, fitted: SpectralFactors): Promise<void> {
  const metadata = { singular_values: JSON.stringify([...fitted.singularValues]) };
  await write(path, 'spectral-factors', metadata, { vector: vectors(fitted.dimension, fitted.values) });
}

export function loadSpectralFactors(path: string): SpectralFactors {
  const table = open(path, 'spectral-factors');
  const singularValues = Float32Array.from(JSON.parse(table.schema.metadata.get('singular_values')!) as number[]);
  const dimension = singularValues.length;
  const values = table.getChild('vector')!.data[0].children[0].values as Float32Array;
  return { dimension, singularValues, values: values.subarray(0, table.numRows * dimension) };
}
