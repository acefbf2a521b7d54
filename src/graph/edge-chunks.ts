import type { DuckDBConnection } from '@duckdb/node-api';
import { chunksOf, rawColumn } from '../data/duckdb-columns.js';
import type { EdgeList } from './adjacency.js';
import type { EdgeKinds, StoredEdgeColumns } from './edges-file.js';

/** Some staged edges by their dense indices, in no particular order. */
export interface EdgeChunk {
  boards: Uint32Array;
  pins: Uint32Array;
  /** Milliseconds, NaN where unknown; present where `EdgeKinds` says so, as the next two are. */
  addedAt?: Float64Array;
  weight?: Float32Array;
  /** Sections, 0 where none. */
  codes?: Uint32Array;
}

/** Streams the staged edges, about two thousand at a time; `kinds` says which columns any of them has. */
export async function* edgeChunks(connection: DuckDBConnection, kinds: EdgeKinds): AsyncGenerator<EdgeChunk> {
  const { addedAt, weight, sections } = kinds;
  const cells = ['b.node', 'p.node'];
  if (addedAt) cells.push("coalesce(CAST(added_at AS DOUBLE), 'NaN'::DOUBLE)");
  if (weight) cells.push("coalesce(weight, 'NaN'::FLOAT)");
  if (sections.length > 0) cells.push('coalesce(s.code, 0::UINTEGER)');
  const query = `SELECT ${cells.join(', ')}
    FROM edges JOIN boards_index b ON b.id = board_id JOIN pins_index p ON p.id = pin_id
    ${sections.length > 0 ? 'LEFT JOIN section_codes s ON s.section = edges.section' : ''}`;
  // Order costs time, and the sort that follows makes its own.
  await connection.run('SET preserve_insertion_order = false');
  for await (const chunk of chunksOf(connection, query)) {
    let column = 0;
    const next = <T>(): T => rawColumn<T>(chunk, column++).values;
    yield {
      boards: next(),
      pins: next(),
      addedAt: addedAt ? next() : undefined,
      weight: weight ? next() : undefined,
      codes: sections.length > 0 ? next() : undefined,
    };
  }
  await connection.run('SET preserve_insertion_order = true');
}

/** All chunks as whole columns. */
export async function gatherEdges(
  chunks: AsyncIterable<EdgeChunk>,
  count: number,
  { addedAt, weight, sections }: EdgeKinds,
  onRows: (done: number) => void,
): Promise<{ edges: EdgeList; columns: StoredEdgeColumns }> {
  const edges = { boards: new Uint32Array(count), pins: new Uint32Array(count) };
  const columns = {
    addedAt: addedAt ? new Float64Array(count) : undefined,
    weight: weight ? new Float32Array(count) : undefined,
    sections: sections.length > 0 ? { names: sections, codes: new Uint32Array(count) } : undefined,
  };
  let next = 0;
  for await (const chunk of chunks) {
    edges.boards.set(chunk.boards, next);
    edges.pins.set(chunk.pins, next);
    if (chunk.addedAt) columns.addedAt?.set(chunk.addedAt, next);
    if (chunk.weight) columns.weight?.set(chunk.weight, next);
    if (chunk.codes) columns.sections?.codes.set(chunk.codes, next);
    next += chunk.boards.length;
    onRows(next);
  }
  return { edges, columns };
}
