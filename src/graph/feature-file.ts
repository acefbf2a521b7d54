import { DataType, Field, FixedSizeList, Float32, makeData, type RecordBatch, Schema } from 'apache-arrow';
import { BoardwalkError } from '../errors.js';
import { recordBatch, validity } from './arrow-columns.js';
import { type FileRecord, openTable, writeArrowFile } from './arrow-file.js';
import type { FeatureColumn } from './graph.js';

/** Some consecutive pins' vectors; a pin without one has 0 in `present` and zeros in `values`. */
export interface FeatureBatch {
  /** [rows, dimension]. */
  values: Float32Array;
  present?: Uint8Array;
}

export const featuresFolder = 'features';

/** A feature's file, for names may hold any character. */
export function featureFile(name: string): string {
  return `${featuresFolder}/${encodeURIComponent(name)}.arrow`;
}

/** One `FixedSizeList<float32>` column in the order of the pins. */
export function writeFeature(
  path: string,
  { name, dimension }: { name: string; dimension: number },
  batches: Iterable<FeatureBatch> | AsyncIterable<FeatureBatch>,
): Promise<FileRecord> {
  const type = new FixedSizeList(dimension, new Field('item', new Float32(), false));
  const schema = new Schema([new Field(name, type, true)]);
  async function* rows(): AsyncGenerator<RecordBatch> {
    for await (const { values, present } of batches) {
      const length = values.length / dimension;
      const child = makeData({ type: new Float32(), length: values.length, nullCount: 0, data: values });
      const nulls = present ? validity(length, (row) => present[row] === 1) : { nullCount: 0, nullBitmap: undefined };
      yield recordBatch(schema, length, [makeData({ type, length, child, ...nulls })]);
    }
  }
  return writeArrowFile(path, schema, rows());
}

/** A pin without a vector reads as zeros. */
export function openFeature(path: string, pins: number): FeatureColumn {
  const { name, dimension, values } = openStoredFeature(path, pins);
  return { name, dimension, values };
}

/** A feature as it was written: `present` is 1 for each pin that has a vector. */
export function openStoredFeature(path: string, pins: number): FeatureColumn & { readonly present: Uint8Array } {
  const table = openTable(path, 2);
  const [field] = table.schema.fields;
  const type: unknown = field?.type;
  if (!(type instanceof FixedSizeList) || !DataType.isFloat(type.children[0]?.type) || table.numRows !== pins)
    throw new BoardwalkError(
      'bad_file',
      `${path} has ${table.numRows} rows of ${type}, not ${pins} of float vectors. Build the graph again.`,
      { file: path },
    );
  const dimension = type.listSize;
  const values = new Float32Array(pins * dimension);
  const present = new Uint8Array(pins);
  let next = 0;
  for (const column of table.getChildAt(0)?.data ?? []) {
    const { children, length } = column;
    values.set((children[0].values as Float32Array).subarray(0, length * dimension), next * dimension);
    for (let row = 0; row < length; row++) if (column.getValid(row)) present[next + row] = 1;
    next += length;
  }
  return { name: field.name, dimension, values, present };
}
