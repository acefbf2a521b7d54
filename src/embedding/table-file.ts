import {
  type Data,
  DataType,
  Field,
  FixedSizeList,
  Float32,
  makeData,
  type RecordBatch,
  Schema,
  type Table,
  Utf8,
  type Vector,
} from 'apache-arrow';
import { existsSync } from 'node:fs';
import { readingFile } from '../data/read-file.js';
import { writeWholeFile } from '../data/whole-file.js';
import { BoardwalkError } from '../errors.js';
import { recordBatch, textColumn } from '../graph/arrow-columns.js';
import { batchRows, openTable, writeArrowFile } from '../graph/arrow-file.js';
import type { EmbeddingTable } from './table.js';

/** `pin_id`, `embedding: FixedSizeList<float32>[d]`; ids, dimension and metric are the schema's metadata. */
export function tableSchema({ modelId, graphId, dimension, metric }: EmbeddingTable): Schema {
  const embedding = new FixedSizeList(dimension, new Field('item', new Float32(), false));
  const metadata = new Map([
    ['model_id', modelId],
    ['graph_id', graphId],
    ['dimension', String(dimension)],
    ['metric', metric],
  ]);
  return new Schema([new Field('pin_id', new Utf8(), false), new Field('embedding', embedding, false)], metadata);
}

/** The table in record batches of `batchRows`, each made when it is asked for. */
export function* tableBatches(table: EmbeddingTable, schema: Schema, rows = batchRows): Generator<RecordBatch> {
  const { dimension, pinIds, vectors } = table;
  for (let from = 0; from < pinIds.length; from += rows) {
    const to = Math.min(from + rows, pinIds.length);
    const data = vectors.subarray(from * dimension, to * dimension);
    const child = makeData({ type: new Float32(), length: data.length, nullCount: 0, data });
    const type = schema.fields[1].type as FixedSizeList;
    yield recordBatch(schema, to - from, [
      textColumn(pinIds.slice(from, to)),
      makeData({ type, length: to - from, nullCount: 0, child }),
    ]);
  }
}

/** Writes the table as an Arrow file that appears only when whole. */
export async function writeEmbeddingTable(path: string, table: EmbeddingTable): Promise<void> {
  const schema = tableSchema(table);
  await writeWholeFile(path, (temporary) => writeArrowFile(temporary, schema, tableBatches(table, schema)));
}

const mend = 'Run `boardwalk embed` again.';

/** Opens what `writeEmbeddingTable` wrote; throws `not_found` or `bad_file`. */
export async function openEmbeddingTable(path: string): Promise<EmbeddingTable> {
  if (!existsSync(path))
    throw new BoardwalkError(
      'not_found',
      `There is no embedding table at ${path}: run \`boardwalk train\` or \`boardwalk embed\`.`,
      {
        file: path,
      },
    );
  return readingFile(path, mend, () => tableIn(path, openTable(path, 2)));
}

function tableIn(path: string, file: Table): EmbeddingTable {
  const { metadata } = file.schema;
  const ids = file.getChild('pin_id');
  const embedding = file.getChild('embedding');
  const dimension = Number(metadata.get('dimension'));
  const dense = embedding?.type as FixedSizeList | undefined;
  if (!DataType.isUtf8(ids?.type) || dense?.listSize !== dimension || !DataType.isFloat(dense.children[0]?.type))
    throw new BoardwalkError('bad_file', `${path} is no embedding table. ${mend}`, { file: path });
  const vectors = new Float32Array(file.numRows * dimension);
  let next = 0;
  for (const { children, offset, length } of (embedding?.data ?? []) as readonly Data<FixedSizeList>[]) {
    const values = children[0].values as Float32Array;
    vectors.set(values.subarray(offset * dimension, (offset + length) * dimension), next);
    next += length * dimension;
  }
  return {
    modelId: metadata.get('model_id') ?? '',
    graphId: metadata.get('graph_id') ?? '',
    dimension,
    metric: metadata.get('metric') === 'ip' ? 'ip' : 'cosine',
    pinIds: [...(ids as Vector<Utf8>)] as string[],
    vectors,
  };
}
