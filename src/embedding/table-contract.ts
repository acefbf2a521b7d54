import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { toolVersion } from '../package-root.js';
import type { Drift } from './drift.js';
import type { ExportFormat, WrittenFile } from './export-table.js';
import { tableSchema } from './table-file.js';
import type { EmbeddingTable } from './table.js';
import { typeOf, type VectorType } from './vectors.js';

/** What a reader of an exported table may rely on; `schema.json` beside it. */
export interface TableContract {
  /** Rises with every change that a reader would notice. */
  readonly format: 1;
  readonly version: string;
  readonly model_id: string;
  readonly graph_id: string;
  readonly to: ExportFormat;
  readonly pins: number;
  readonly dimension: number;
  readonly metric: EmbeddingTable['metric'];
  readonly type: VectorType;
  readonly fields: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  /** How codes become vectors, and what that needs; null for floats. */
  readonly unpacking: { readonly rule: string; readonly [field: string]: string | number } | null;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Against the table that was exported before, where it was named. */
  readonly drift: Drift | null;
}

const rules: Record<'int8' | 'int4', string> = {
  int8: 'value[i] = embedding[i] * scale',
  int4:
    'wide bytes hold one axis each, coordinate = (byte - 127.5) * step; every further byte holds two axes, the lower ' +
    'half first, coordinate = (half - 7.5) * step; value[i] = scale * sum over axes of coordinate[axis] * ' +
    'axes[axis][i]. steps [dimension] and axes [dimension, dimension] are little-endian float32 in base64.',
};

function unpackingOf(metadata: Map<string, string>): TableContract['unpacking'] {
  const type = metadata.get('type');
  if (type === 'int8') return { rule: rules.int8 };
  if (type !== 'int4') return null;
  return {
    rule: rules.int4,
    wide: Number(metadata.get('wide')),
    steps: metadata.get('steps') ?? '',
    axes: metadata.get('axes') ?? '',
  };
}

async function recordOf({ path, temporary }: WrittenFile): Promise<TableContract['files'][number]> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(temporary), hash);
  return { name: basename(path), bytes: statSync(temporary).size, sha256: hash.digest('hex') };
}

/** Describes an exported table and the files that were written, by what lies on the disk. */
export async function tableContract(
  table: EmbeddingTable,
  to: ExportFormat,
  files: readonly WrittenFile[],
  drift: Drift | null,
): Promise<TableContract> {
  const { fields, metadata } = tableSchema(table);
  const { modelId, graphId, dimension, metric, pinIds, vectors } = table;
  return {
    format: 1,
    version: toolVersion(),
    model_id: modelId,
    graph_id: graphId,
    to,
    pins: pinIds.length,
    dimension,
    metric,
    type: typeOf(vectors),
    fields: fields.map(({ name, type, nullable }) => ({ name, type: String(type), nullable })),
    unpacking: unpackingOf(metadata),
    files: await Promise.all(files.map(recordOf)),
    drift,
  };
}
