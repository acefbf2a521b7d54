import type { DuckDBConnection } from '@duckdb/node-api';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from '../data/journal.js';
import type { Progress } from '../progress.js';
import { edgeChunks, gatherEdges } from './edge-chunks.js';
import { dealEdges, recordLayout } from './edge-records.js';
import type { EdgeKinds } from './edges-file.js';
import { foldEdges } from './fold-edges.js';
import { foldedFiles, type FoldedSize, foldPartitions } from './fold-partitions.js';
import { foldedSource } from './folded-source.js';
import type { Side } from './graph.js';
import { foldingBytes, type MemoryBudget } from './memory-budget.js';
import { type PartitionFile, PartitionWriter } from './partition-file.js';
import { type Directions, directionsOf } from './write.js';

export interface StagedGraph {
  /** Rows of the edge files. */
  edges: number;
  pins: number;
  boards: number;
  kinds: EdgeKinds;
}

export interface FoldStagedOptions {
  journal: Journal;
  /** For files that live as long as the build. */
  folder: string;
  budget: MemoryBudget;
  /** As in `BuildOptions`. */
  edgesInMemory?: number;
  progress: Progress;
}

export interface FoldedGraph {
  directions: Directions;
  /** Edges that repeated another. */
  duplicates: number;
}

/** A partition of so many edges is sorted in the processor's caches; more than 1,024 take too many blocks. */
function partitionSize(edges: number, most: number): number {
  return Math.min(most, Math.max(2 ** 18, Math.ceil(edges / 1024)));
}

/** Sorts the staged edges into both directions and folds repeats: in memory where it holds them, else on the disk. */
export async function foldStaged(
  connection: DuckDBConnection,
  graph: StagedGraph,
  options: FoldStagedOptions,
): Promise<FoldedGraph> {
  const { budget, progress } = options;
  const most = options.edgesInMemory ?? Math.floor(budget.folding / foldingBytes(graph.kinds));
  if (graph.edges > most) return foldOnDisk(connection, graph, most, options);
  const stage = progress.stage('sorting edges', graph.edges);
  const chunks = edgeChunks(connection, graph.kinds);
  const raw = await gatherEdges(chunks, graph.edges, graph.kinds, (done) => stage.update(done));
  const { topology, columns, duplicates } = foldEdges(raw.edges, raw.columns, graph.pins, graph.boards);
  stage.finish(summary(topology.boards.neighbours.length, duplicates));
  return { directions: directionsOf(topology, columns), duplicates };
}

const summary = (edges: number, duplicates: number): string =>
  `${edges.toLocaleString('en-US')} edges, ${duplicates.toLocaleString('en-US')} duplicates folded`;

/**
 * Folds edges that do not fit in memory. They are dealt out by ranges of boards; each range is sorted, folded, appended
 * to the boards' rows and dealt out once more by ranges of pins, which are sorted in their turn. Memory holds the
 * offsets of a direction, one block of every range and one range's edges.
 */
async function foldOnDisk(
  connection: DuckDBConnection,
  graph: StagedGraph,
  most: number,
  { journal, folder, budget, progress }: FoldStagedOptions,
): Promise<FoldedGraph> {
  const { kinds } = graph;
  const layout = recordLayout(kinds);
  const size = partitionSize(graph.edges, most);
  const paths = { boards: join(folder, 'by-board'), pins: join(folder, 'by-pin') };
  const files = { pins: foldedFiles(folder, 'pins', kinds), boards: foldedFiles(folder, 'boards', kinds) };
  const writer = (side: Side, edges: number): PartitionWriter =>
    new PartitionWriter(paths[side], { from: 0, to: graph[side] }, layout.words, edges, size);

  // What the journal keeps names no folder: it has another name when it is gone on with.
  const byBoard = await journal.once('edges by board', async () => {
    const stage = progress.stage('dealing edges out by board', graph.edges);
    const dealt = writer('boards', graph.edges);
    let done = 0;
    for await (const chunk of edgeChunks(connection, kinds)) {
      dealEdges(dealt, layout, chunk.boards, chunk.pins, chunk);
      stage.update((done += chunk.boards.length));
    }
    stage.finish();
    return dealt.finish();
  });
  await connection.run(`SET memory_limit = '${budget.idleDatabase}'`);
  const fold = (side: Side, file: PartitionFile, others: number, dealt?: PartitionWriter): FoldedSize => {
    const stage = progress.stage(`sorting the edges of ${side}`, graph.edges);
    const folded = foldPartitions(
      { ...file, path: paths[side] },
      {
        kinds,
        files: files[side],
        others,
        most,
        onRecords: (done) => stage.update(done),
        ...(dealt && {
          onFolded: (boards, pins, { addedAt, weight, sections }) =>
            dealEdges(dealt, layout, pins, boards, {
              addedAt,
              weight,
              codes: sections?.codes as Uint32Array | undefined,
            }),
        }),
      },
    );
    stage.finish(summary(folded.edges, graph.edges - folded.edges));
    return folded;
  };
  const boards = await journal.once('rows of boards', async () => {
    const dealt = writer('pins', graph.edges);
    return { size: fold('boards', byBoard, graph.pins, dealt), byPin: dealt.finish() };
  });
  rmSync(paths.boards, { force: true });
  const pins = await journal.once('rows of pins', async () => fold('pins', boards.byPin, 0));
  rmSync(paths.pins, { force: true });
  await connection.run(`SET memory_limit = '${budget.database}'`);
  return {
    directions: {
      pins: foldedSource(pins, files.pins, kinds),
      boards: foldedSource(boards.size, files.boards, kinds),
    },
    duplicates: graph.edges - boards.size.edges,
  };
}
