import {
  DataType,
  Field,
  FixedSizeList,
  Float32,
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
import { scalesOf } from './vectors.js';
import { cellType, codesOf, listColumn, packingMetadata, readVectors, scaleColumn } from './vector-columns.js';

/**
 * `pin_id`, `embedding: FixedSizeList` of floats, or of codes with a `scale` beside them. The schema's metadata
 * holds ids, dimension and metric and, for packed vectors, what unpacking needs.
 */
export function tableSchema({ modelId, graphId, dimension, metric, vectors }: EmbeddingTable): Schema {
  const { width } = codesOf(vectors, dimension);
  const embedding = new FixedSizeList(width, new Field('item', cellType(vectors), false));
  const metadata = new Map([
    ['model_id', modelId],
    ['graph_id', graphId],
    ['dimension', String(dimension)],
    ['metric', metric],
    ...packingMetadata(vectors),
  ]);
  const fields = [new Field('pin_id', new Utf8(), false), new Field('embedding', embedding, false)];
  return new Schema(scalesOf(vectors) ? [...fields, new Field('scale', new Float32(), false)] : fields, metadata);
}

/** The table in record batches of `batchRows`, each made when it is asked for; one at least, which Parquet cannot do without. */
export function* tableBatches(table: EmbeddingTable, schema: Schema, rows = batchRows): Generator<RecordBatch> {
  const { dimension, pinIds, vectors } = table;
  for (let from = 0; from === 0 || from < pinIds.length; from += rows) {
    const to = Math.min(from + rows, pinIds.length);
    const columns = [textColumn(pinIds.slice(from, to)), listColumn(vectors, dimension, from, to)];
    const scales = scaleColumn(vectors, from, to);
    yield recordBatch(schema, to - from, scales ? [...columns, scales] : columns);
  }
}

/** Writes the table as an Arrow file that appears only when whole. */
export async function writeEmbeddingTable(path: string, table: EmbeddingTable): Promise<void> {
  const schema = tableSchema(table);
  await writeWholeFile(path, (temporary) => writeArrowFile(temporary, schema, tableBatches(table, schema)));
}

const mend = 'Run `boardwalk embed` again.';

/** Reads what `writeEmbeddingTable` wrote, packed as it was; throws `not_found` or `bad_file`. */
export function readEmbeddingTable(path: string): EmbeddingTable {
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

/** Reads a table as `readEmbeddingTable` does, for programs that wait for what they open. */
export async function openEmbeddingTable(path: string): Promise<EmbeddingTable> {
  return readEmbeddingTable(path);
}

function tableIn(path: string, file: Table): EmbeddingTable {
  const { metadata } = file.schema;
  const ids = file.getChild('pin_id');
  const dimension = Number(metadata.get('dimension'));
  const vectors = Number.isInteger(dimension) && DataType.isUtf8(ids?.type) ? readVectors(file, dimension) : undefined;
  if (!vectors) throw new BoardwalkError('bad_file', `${path} is no embedding table. ${mend}`, { file: path });
  return {
    modelId: metadata.get('model_id') ?? '',
    graphId: metadata.get('graph_id') ?? '',
    dimension,
    metric: metadata.get('metric') === 'ip' ? 'ip' : 'cosine',
    pinIds: [...(ids as Vector<Utf8>)] as string[],
    vectors,
  };
}
