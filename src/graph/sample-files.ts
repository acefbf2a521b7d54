import { join } from 'node:path';
import { literal, withDatabase } from '../data/database.js';
import type { GraphSize, NodeSize } from './graph-size.js';
import { type Side, sides } from './graph.js';

/** Text of about so many bytes that hardly repeats. */
const text = (row: string, bytes: number): string =>
  `left(repeat(hash(${row})::VARCHAR, ${Math.max(1, Math.ceil(bytes / 18))}), ${Math.max(1, Math.round(bytes))})`;

/** An id of so many bytes, and of so many digits at least as the largest number has. */
const id = (side: string, row: string, { idBytes, count }: NodeSize): string =>
  `lpad((${row})::VARCHAR, ${Math.max(Math.round(idBytes) - 1, String(count).length)}, '0') || '${side[0]}'`;

const names = ['title', 'text', 'url', 'image', 'domain', 'owner', 'language', 'topic'];

/** Writes Parquet files of random edges and nodes that are as wide as `size` says, and as many. */
export async function writeSampleFiles(
  folder: string,
  size: GraphSize,
): Promise<{ edges: string; pins: string; boards: string }> {
  const file = (name: string): string => join(folder, `${name}.parquet`);
  const draw = (stream: number): string => `(hash(e * 8 + ${stream}) >> 11) / ${2 ** 53}`;
  // Skewed, as saves are.
  const end = (side: Side, stream: number): string => `(${size[side].count - 1} * pow(${draw(stream)}, 2))::BIGINT`;
  const columns = [
    `${id('boards', end('boards', 1), size.boards)} AS board_id`,
    `${id('pins', end('pins', 2), size.pins)} AS pin_id`,
    ...(size.addedAt ? [`make_timestamp_ms(1577836800000 + (${draw(3)} * 1e11)::BIGINT) AS added_at`] : []),
    ...(size.weight ? [`(${draw(4)})::FLOAT AS weight`] : []),
    ...(size.section ? [`'section ' || hash(e * 8 + 5) % 100 AS section`] : []),
  ];
  await withDatabase({ memory: '500MB', spill: join(folder, 'spill') }, async (connection) => {
    const write = (select: string, name: string): Promise<unknown> =>
      connection.run(`COPY (${select}) TO ${literal(file(name))} (FORMAT parquet, COMPRESSION zstd)`);
    await write(`SELECT ${columns.join(', ')} FROM range(${size.edges}) t(e)`, 'edges');
    for (const side of sides) {
      const node = size[side];
      const cells = names
        .slice(0, node.columns)
        .map((name, index) => `${text(`n * 8 + ${index}`, node.textBytes / node.columns)} AS ${name}`);
      const idCell = `${id(side, 'n', node)} AS ${side.slice(0, -1)}_id`;
      await write(`SELECT ${[idCell, ...cells].join(', ')} FROM range(${node.count}) t(n)`, side);
    }
  });
  return { edges: file('edges'), pins: file('pins'), boards: file('boards') };
}
