import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, numberOf } from '../data/database.js';
import { chunksOf, rawArrayColumn, rawColumn } from '../data/duckdb-columns.js';
import type { StagedVector } from '../data/stage-nodes.js';
import type { EdgeList } from './adjacency.js';
import { batchRows } from './arrow-file.js';
import type { NodeBatch } from './attributes-file.js';
import type { StoredEdgeColumns } from './edges-file.js';
import type { FeatureBatch } from './feature-file.js';
import type { AttributeName } from './graph.js';
import type { FeatureSource, NodeSource } from './write.js';

/**
 * Numbers every node that an edge or a row of its own file names, by the attributes of `order`, absent values
 * last, and then by the id's bytes.
 */
export async function indexNodes(
  connection: DuckDBConnection,
  role: 'pins' | 'boards',
  order: readonly string[] = [],
): Promise<number> {
  const column = role === 'pins' ? 'pin_id' : 'board_id';
  const key = [...order.map((name) => `n.${identifier(name)} NULLS LAST`), 'i.id'].join(', ');
  await connection.run(
    `CREATE TABLE ${role}_index AS SELECT i.id, CAST(row_number() OVER (ORDER BY ${key}) - 1 AS UINTEGER) AS node
     FROM (SELECT ${column} AS id FROM edges UNION SELECT id FROM ${role}) i
     ${order.length > 0 ? `LEFT JOIN ${role} n ON n.id = i.id` : ''}`,
  );
  return numberOf(connection, `SELECT count(*) FROM ${role}_index`);
}

/** The staged edges as typed arrays, in no particular order. */
export async function readEdges(
  connection: DuckDBConnection,
  count: number,
  sectionNames: readonly string[],
  onRows: (done: number) => void,
): Promise<{ edges: EdgeList; columns: StoredEdgeColumns }> {
  const timed = (await numberOf(connection, 'SELECT count(added_at) FROM edges')) > 0;
  const weighted = (await numberOf(connection, 'SELECT count(weight) FROM edges')) > 0;
  const edges = { boards: new Uint32Array(count), pins: new Uint32Array(count) };
  const addedAt = timed ? new Float64Array(count) : undefined;
  const weight = weighted ? new Float32Array(count) : undefined;
  const codes = sectionNames.length > 0 ? new Uint32Array(count) : undefined;
  const query = `SELECT b.node, p.node, CAST(added_at AS DOUBLE), weight, ${codes ? 'coalesce(s.code, 0)' : '0'}
    FROM edges JOIN boards_index b ON b.id = board_id JOIN pins_index p ON p.id = pin_id
    ${codes ? 'LEFT JOIN section_codes s ON s.section = edges.section' : ''}`;
  // Order costs time, and the counting sort that follows makes its own.
  await connection.run('SET preserve_insertion_order = false');
  let next = 0;
  for await (const chunk of chunksOf(connection, query)) {
    edges.boards.set(rawColumn<Uint32Array>(chunk, 0).values, next);
    edges.pins.set(rawColumn<Uint32Array>(chunk, 1).values, next);
    if (addedAt) {
      const { values, isPresent } = rawColumn<Float64Array>(chunk, 2);
      for (let row = 0; row < chunk.rowCount; row++) addedAt[next + row] = isPresent(row) ? values[row] : Number.NaN;
    }
    if (weight) {
      const { values, isPresent } = rawColumn<Float32Array>(chunk, 3);
      for (let row = 0; row < chunk.rowCount; row++) weight[next + row] = isPresent(row) ? values[row] : Number.NaN;
    }
    if (codes) codes.set(rawColumn<Uint32Array>(chunk, 4).values, next);
    next += chunk.rowCount;
    onRows(next);
  }
  await connection.run('SET preserve_insertion_order = true');
  const sections = codes && { names: sectionNames, codes };
  return { edges, columns: { ...(addedAt && { addedAt }), ...(weight && { weight }), ...(sections && { sections }) } };
}

/** Ids and attributes in the order of the index, read when they are written. */
export function nodeSource(
  connection: DuckDBConnection,
  role: 'pins' | 'boards',
  count: number,
  attributes: readonly string[],
): NodeSource {
  const names = attributes as readonly AttributeName[];
  const cells = names.map((name) =>
    name === 'created_at'
      ? `strftime(make_timestamp(n.${name} * 1000), '%Y-%m-%dT%H:%M:%S.%gZ')`
      : `n.${identifier(name)}`,
  );
  const query = `SELECT ${['i.id', ...cells].join(', ')} FROM ${role}_index i LEFT JOIN ${role} n ON n.id = i.id ORDER BY i.node`;
  async function* batches(): AsyncGenerator<NodeBatch> {
    let columns: (string | null)[][] = [[], ...names.map(() => [])];
    const batch = (): NodeBatch => ({
      ids: columns[0] as string[],
      columns: Object.fromEntries(names.map((name, index) => [name, columns[index + 1]])),
    });
    for await (const chunk of chunksOf(connection, query)) {
      for (const [index, column] of columns.entries())
        for (const cell of chunk.getColumnValues(index)) column.push(cell as string | null);
      if (columns[0].length < batchRows) continue;
      yield batch();
      columns = [[], ...names.map(() => [])];
    }
    if (columns[0].length > 0) yield batch();
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
