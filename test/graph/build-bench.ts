import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { literal, rowsOf, withDatabase } from '../../src/data/database.js';
import { type BuildOptions, type BuildResult, buildGraph } from '../../src/graph/build.js';
import { type Graph, neighboursOf } from '../../src/graph/graph.js';
import { openGraph } from '../../src/graph/open.js';

type Given = Partial<BuildOptions> & { edges: string[] };

/** A temporary folder for each test, with what tests of the build make in it and read from it. */
export interface BuildBench {
  path(name: string): string;
  /** Writes a file and gives its path. */
  file(name: string, content: string | Uint8Array): string;
  parquet(name: string, select: string): Promise<string>;
  /** Builds into the folder `graph`. */
  build(options: Given): Promise<BuildResult>;
  built(options: Given): Promise<Graph>;
  /** Row, field and reason of what was rejected. */
  rejects(name?: string): Promise<unknown[][]>;
}

export function buildBench(): BuildBench {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'boardwalk-build-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const build = (options: Given): Promise<BuildResult> => buildGraph({ out: path('graph'), ...options });
  return {
    path,
    build,
    file(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
    async parquet(name, select) {
      await withDatabase({}, (connection) =>
        connection.run(`COPY (${select}) TO ${literal(path(name))} (FORMAT parquet)`),
      );
      return path(name);
    },
    async built(options) {
      await build(options);
      return openGraph(path('graph'), { checksums: true });
    },
    rejects: (name = 'graph/rejects.parquet') =>
      withDatabase({}, async (connection) => {
        const rows = await rowsOf(
          connection,
          `SELECT "row"::INTEGER AS "row", field, reason FROM ${literal(path(name))} ORDER BY "row", reason`,
        );
        return rows.map(({ row, field, reason }) => [row, field, reason]);
      }),
  };
}

/** Every edge as `board pin`, in the graph's order. */
export function pairs(graph: Graph): string[] {
  return graph.boards
    .ids()
    .flatMap((board, index) =>
      Array.from(neighboursOf(graph.topology.boards, index), (pin) => `${board} ${graph.pins.id(pin)}`),
    );
}

export const plainEdges = 'board_id\tpin_id\nb1\tp1\nb1\t007\nb2\tp1\n';
