import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, numberOf } from '../data/database.js';
import { chunksOf, rawArrayColumn, wholeText } from '../data/duckdb-columns.js';
import type { StagedVector } from '../data/stage-nodes.js';
import { batchRows } from './arrow-file.js';
import type { NodeBatch } from './attributes-file.js';
import type { FeatureBatch } from './feature-file.js';
import type { AttributeName, Side } from './graph.js';
import type { FeatureSource, NodeSource } from './write.js';

/**
 * Numbers every node that an edge or a row of its own file names, by the attributes of `order`, absent values
 * last, and then by the id's bytes.
 */
export async function indexNodes(
  connection: DuckDBConnection,
  role: Side,
  order: readonly string[] = [],
): Promise<number> {
  const column = role === 'pins' ? 'pin_id' : 'board_id';
  const key = [...order.map((name) => `n.${identifier(name)} NULLS LAST`), 'i.id'].join(', ');
  await connection.run(
    `CREATE OR REPLACE TABLE ${role}_index AS SELECT i.id, CAST(row_number() OVER (ORDER BY ${key}) - 1 AS UINTEGER) AS node
     FROM (SELECT ${column} AS id FROM edges UNION SELECT id FROM ${role}) i
     ${order.length > 0 ? `LEFT JOIN ${role} n ON n.id = i.id` : ''}`,
  );
  return numberOf(connection, `SELECT count(*) FROM ${role}_index`);
}

/** Ids and attributes in the order of the index, read when they are written. */
export function nodeSource(
  connection: DuckDBConnection,
  role: Side,
  count: number,
  attributes: readonly string[],
): NodeSource {
  const names = attributes as readonly AttributeName[];
  const cells = names.map((name) =>
    name === 'created_at'
      ? `strftime(make_timestamp(n.${name} * 1000), '%Y-%m-%dT%H:%M:%S.%gZ')`
      : wholeText(`n.${identifier(name)}`),
  );
  const query = `SELECT ${[wholeText('i.id'), ...cells].join(', ')} FROM ${role}_index i LEFT JOIN ${role} n ON n.id = i.id ORDER BY i.node`;
  async function* batches(): AsyncGenerator<NodeBatch> {
    let columns: (string | null)[][] = [[], ...names.map(() => [])];
    const batch = ([ids, ...others]: readonly (readonly (string | null)[])[]): NodeBatch => ({
      ids: ids as string[],
      columns: Object.fromEntries(names.map((name, index) => [name, others[index]])),
    });
    for await (const chunk of chunksOf(connection, query)) {
      for (const [index, column] of columns.entries())
        for (const cell of chunk.getColumnValues(index)) column.push(cell as string | null);
      if (columns[0].length < batchRows) continue;
      // Chunks may come in any size; the batches of a file must not.
      yield batch(columns.map((column) => column.slice(0, batchRows)));
      columns = columns.map((column) => column.slice(batchRows));
    }
    if (columns[0].length > 0) yield batch(columns);
  }
  return { count, names, batches };
}

/** The pins' vectors in the order of the index, read when they are written. */
export function featureSources(connection: DuckDBConnection, vectors: readonly StagedVector[]): FeatureSource[] {
  return vectors.map(({ name, column, dimension }) => {
    const query = `SELECT CAST(n.${column} AS FLOAT[${dimension}]) FROM pins_index i LEFT JOIN pins n ON n.id = i.id ORDER BY i.node`;
    async function* batches(): AsyncGenerator<FeatureBatch> {
      for await (const chunk of chunksOf(connection, query)) {
        const cells = rawArrayColumn<Float32Array>(chunk, 0);
        const values = cells.values.slice(0, chunk.rowCount * dimension);
        const present = new Uint8Array(chunk.rowCount);
        for (let row = 0; row < chunk.rowCount; row++) {
          if (cells.isPresent(row)) present[row] = 1;
          else values.fill(0, row * dimension, (row + 1) * dimension);
        }
        yield { values, present };
      }
    }
    return { name, dimension, batches };
  });
}
