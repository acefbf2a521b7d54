import { type Data, Field, FixedSizeList, Float32, List, makeData, type Table, Uint32 } from 'apache-arrow';
import { foreseeMemory } from '../data/available-memory.js';
import { readingFile } from '../data/read-file.js';
import type { PlainVectors } from '../embedding/vectors.js';
import { BoardwalkError } from '../errors.js';
import { recordBatch, schemaOf } from '../graph/arrow-columns.js';
import { fileBytes, readInto, readTable, writeArrowFile } from '../graph/arrow-file.js';
import type { IalsFactors } from './ials-factors.js';
import type { ItemNeighbours } from './item-neighbours.js';
import type { MappedFactors } from './mapped-factors.js';
import type { SpectralFactors } from './spectral-factors.js';
import type { TextTerms } from './text-terms.js';

/**
 * Fitted sources as Arrow files of one record batch and one row a pin. They are opened as views of one
 * shared buffer, so that workers get them for nothing. `kind` in the schema's metadata tells them apart.
 */
type Kind = 'item-neighbours' | 'text-terms' | 'spectral-factors' | 'ials-factors' | 'pin-vectors' | 'mapped-factors';

type Numbers = Uint32Array | Float32Array;
type NumbersType<T> = new (length: number) => T;

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

const mend = 'Train or rank the model again.';

function open<T>(path: string, kind: Kind, read: (table: Table) => T): T {
  const size = fileBytes(path);
  foreseeMemory({ what: `Reading ${path}`, bytes: size, mend: 'Free memory, or use a larger machine.', file: path });
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  readInto(path, bytes);
  const table = readTable(path, bytes);
  const found = table.schema.metadata.get('kind');
  if (found === kind) return readingFile(path, mend, () => read(table));
  throw new BoardwalkError('bad_file', `${path} holds ${found ?? 'something else'}, not ${kind}. ${mend}`, {
    file: path,
  });
}

/**
 * A list column's offsets and values; throws where rows are out of order or reach past the values. Padded views
 * are cut to their lengths.
 */
function openRows<T extends Numbers>(
  table: Table,
  name: string,
  type: NumbersType<T>,
): { offsets: Uint32Array; values: T } {
  const column = table.getChild(name)?.data[0];
  const values: unknown = column?.children[0]?.values;
  if (column === undefined || table.batches.length !== 1 || !(values instanceof type))
    throw new RangeError(`it has no column "${name}" of numbers in one batch`);
  const { buffer, byteOffset } = column.valueOffsets;
  const offsets = new Uint32Array(buffer, byteOffset, table.numRows + 1);
  let last = 0;
  for (const offset of offsets) {
    if (offset < last) throw new RangeError(`a row of column "${name}" ends before it begins`);
    last = offset;
  }
  if (offsets[0] !== 0 || last > values.length) throw new RangeError(`rows of column "${name}" reach past its values`);
  return { offsets, values: values.subarray(0, last) as T };
}

function checkBelow(values: Uint32Array, bound: number, name: string): void {
  for (const value of values) if (value >= bound) throw new RangeError(`column "${name}" holds ${value} of ${bound}`);
}

/** Two list columns whose rows have the same lengths: a sparse matrix. */
function openMatrix(table: Table, names: readonly [string, string], bound: number) {
  const { offsets, values: columns } = openRows(table, names[0], Uint32Array);
  const { values: weights } = openRows(table, names[1], Float32Array);
  if (weights.length !== columns.length)
    throw new RangeError(`its columns "${names.join('" and "')}" differ in length`);
  checkBelow(columns, bound, names[0]);
  return { offsets, columns, weights };
}

export async function saveItemNeighbours(
  path: string,
  { offsets, neighbours, weights }: ItemNeighbours,
): Promise<void> {
  await write(path, 'item-neighbours', {}, { neighbours: rows(offsets, neighbours), weights: rows(offsets, weights) });
}

export function loadItemNeighbours(path: string): ItemNeighbours {
  return open(path, 'item-neighbours', (table) => {
    const { offsets, columns, weights } = openMatrix(table, ['neighbours', 'weights'], table.numRows);
    return { offsets, neighbours: columns, weights };
  });
}

export async function saveTextTerms(path: string, { termCount, offsets, terms, weights }: TextTerms): Promise<void> {
  const columns = { terms: rows(offsets, terms), weights: rows(offsets, weights) };
  await write(path, 'text-terms', { term_count: String(termCount) }, columns);
}

export function loadTextTerms(path: string): TextTerms {
  return open(path, 'text-terms', (table) => {
    const termCount = Number(table.schema.metadata.get('term_count'));
    const { offsets, columns, weights } = openMatrix(table, ['terms', 'weights'], termCount);
    if (!(termCount >= 0 && termCount <= columns.length)) throw new RangeError(`it has ${termCount} terms`);
    return { termCount, offsets, terms: columns, weights };
  });
}

export async function saveSpectralFactors(path: string, fitted: SpectralFactors): Promise<void> {
  const metadata = { singular_values: JSON.stringify([...fitted.singularValues]) };
  await write(path, 'spectral-factors', metadata, { vector: vectors(fitted.dimension, fitted.values) });
}

export function loadSpectralFactors(path: string): SpectralFactors {
  return open(path, 'spectral-factors', (table) => {
    const singularValues = Float32Array.from(metadataNumbers(table, 'singular_values'));
    const dimension = singularValues.length;
    return { dimension, singularValues, values: openVectors(table, dimension) };
  });
}

export async function saveIalsFactors(path: string, { dimension, spectrum, values }: IalsFactors): Promise<void> {
  const metadata = { spectrum: JSON.stringify([...spectrum]) };
  await write(path, 'ials-factors', metadata, { vector: vectors(dimension, values) });
}

export function loadIalsFactors(path: string): IalsFactors {
  return open(path, 'ials-factors', (table) => {
    const spectrum = Float64Array.from(metadataNumbers(table, 'spectrum'));
    return { dimension: spectrum.length, spectrum, values: openVectors(table, spectrum.length) };
  });
}

export async function savePinVectors(
  path: string,
  { dimension, vectors: values, networks }: PlainVectors,
): Promise<void> {
  const metadata = { dimension: String(dimension), ...(networks && { networks: JSON.stringify(networks) }) };
  await write(path, 'pin-vectors', metadata, { vector: vectors(dimension, values) });
}

export function loadPinVectors(path: string): PlainVectors {
  return open(path, 'pin-vectors', (table) => {
    const dimension = Number(table.schema.metadata.get('dimension'));
    const plain = { dimension, vectors: openVectors(table, dimension) };
    if (!table.schema.metadata.has('networks')) return plain;
    const networks = metadataNumbers(table, 'networks');
    if (networks.reduce((sum, columns) => sum + columns, 0) !== dimension)
      throw new RangeError(`its networks have ${networks.join(' and ')} columns, not ${dimension}`);
    return { ...plain, networks };
  });
}

export async function saveMappedFactors(
  path: string,
  { dimension, vectors: values, offsets, neighbours, weights }: MappedFactors,
): Promise<void> {
  const columns = {
    vector: vectors(dimension, values),
    neighbours: rows(offsets, neighbours),
    weights: rows(offsets, weights),
  };
  await write(path, 'mapped-factors', { dimension: String(dimension) }, columns);
}

export function loadMappedFactors(path: string): MappedFactors {
  return open(path, 'mapped-factors', (table) => {
    const dimension = Number(table.schema.metadata.get('dimension'));
    const { offsets, columns, weights } = openMatrix(table, ['neighbours', 'weights'], table.numRows);
    return { dimension, vectors: openVectors(table, dimension), offsets, neighbours: columns, weights };
  });
}

function metadataNumbers(table: Table, key: string): number[] {
  return JSON.parse(table.schema.metadata.get(key) ?? '') as number[];
}

function openVectors(table: Table, dimension: number): Float32Array {
  const column = table.getChild('vector');
  const values: unknown = column?.data[0]?.children[0]?.values;
  if ((column?.type as FixedSizeList | undefined)?.listSize !== dimension || !(values instanceof Float32Array))
    throw new RangeError(`it has no vectors of ${dimension} values`);
  return values.subarray(0, table.numRows * dimension);
}
