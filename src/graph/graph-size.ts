import type { DuckDBConnection } from '@duckdb/node-api';
import { resolveColumns, type Role } from '../data/columns.js';
import { numberOf, rowsOf, withDatabase } from '../data/database.js';
import { openSource, type SourceFile } from '../data/source-file.js';
import type { Side } from './graph.js';

/** What a node's row takes: its id and attributes, as text. */
export interface NodeSize {
  count: number;
  /** Attributes beside the id. */
  columns: number;
  /** Mean bytes of the id, and of all attributes together. */
  idBytes: number;
  textBytes: number;
}

/** How large a graph is, as far as the work on it depends on that. */
export interface GraphSize {
  edges: number;
  addedAt: boolean;
  weight: boolean;
  section: boolean;
  pins: NodeSize;
  boards: NodeSize;
}

export interface SizeSources {
  edges: readonly string[];
  pins?: string;
  boards?: string;
}

/** Rows from which mean widths are taken. */
const sampledRows = 20_000;

/** A graph of which nothing but counts is known, with what most graphs have. */
export function assumedSize(edges: number, pins: number, boards: number): GraphSize {
  const node = (count: number): NodeSize => ({ count, columns: 3, idBytes: 12, textBytes: 40 });
  return { edges, addedAt: true, weight: false, section: false, pins: node(pins), boards: node(boards) };
}

async function opened(connection: DuckDBConnection, role: Role, file: string, name: string) {
  const source = await openSource(connection, file, name);
  return { source, columns: resolveColumns(role, file, source.columns) };
}

const rowsIn = (connection: DuckDBConnection, source: SourceFile): Promise<number> =>
  numberOf(connection, `SELECT count(*) FROM ${source.scan('first')}`);

/** Mean bytes of some expressions of a file's first rows, all of them together. */
async function meanBytes(connection: DuckDBConnection, source: SourceFile, texts: readonly string[]): Promise<number> {
  if (texts.length === 0) return 0;
  const sum = texts.map((text) => `coalesce(strlen(${text}), 0)`).join(' + ');
  const [row] = await rowsOf(
    connection,
    `SELECT avg(bytes) AS bytes FROM (SELECT ${sum} AS bytes FROM ${source.scan('sample')} LIMIT ${sampledRows})`,
  );
  return Number(row.bytes ?? 0);
}

/** Distinct ids among so many rows: of large files, those of a share of the ids, which hashes draw. */
function distinctIds(connection: DuckDBConnection, select: string, rows: number): Promise<number> {
  const share = 2 ** Math.max(0, Math.floor(Math.log2(rows / 1e6)));
  return numberOf(connection, `SELECT ${share} * count(DISTINCT id) FROM (${select}) WHERE hash(id) % ${share} = 0`);
}

/**
 * Measures files without building anything: rows are counted, widths are taken from the first ones, and nodes
 * that have no file of their own are counted in the edges, in large files to within a per cent.
 */
export async function sizeOfFiles({ edges: files, ...nodeFiles }: SizeSources): Promise<GraphSize> {
  return withDatabase({}, async (connection) => {
    const edges = await Promise.all(
      files.map((file, index) => opened(connection, 'edges', file, `size_edges_${index}`)),
    );
    const has = (column: string): boolean => edges.some(({ columns }) => columns.has(column));
    let rows = 0;
    for (const { source } of edges) rows += await rowsIn(connection, source);
    const nodes = async (role: Side): Promise<NodeSize> => {
      const idColumn = role === 'pins' ? 'pin_id' : 'board_id';
      const file = nodeFiles[role];
      if (file === undefined) {
        const ids = edges.map(
          ({ source, columns }) =>
            `SELECT ${source.text(columns.get(idColumn) as string)} AS id FROM ${source.scan('first')}`,
        );
        const count = await distinctIds(connection, ids.join(' UNION ALL '), rows);
        const [{ source, columns }] = edges;
        const idBytes = await meanBytes(connection, source, [source.text(columns.get(idColumn) as string)]);
        return { count, columns: 0, idBytes, textBytes: 0 };
      }
      const { source, columns } = await opened(connection, role, file, `size_${role}`);
      const texts = [...columns].filter(([ours]) => ours !== idColumn).map(([, theirs]) => source.text(theirs));
      return {
        count: await rowsIn(connection, source),
        columns: texts.length,
        idBytes: await meanBytes(connection, source, [source.text(columns.get(idColumn) as string)]),
        textBytes: await meanBytes(connection, source, texts),
      };
    };
    return {
      edges: rows,
      addedAt: has('added_at'),
      weight: has('weight'),
      section: has('section'),
      pins: await nodes('pins'),
      boards: await nodes('boards'),
    };
  });
}
