import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderKind } from '../data/folder-kind.js';
import { type WholeDirectoryOptions, writeWholeDirectory } from '../data/whole-directory.js';
import type { Vocabulary } from '../data/vocabulary.js';
import { adjacencyFiles, type StreamedAdjacency, writeAdjacency } from './adjacency-file.js';
import { batchRows, type FileRecord } from './arrow-file.js';
import { type NodeBatch, writeAttributes } from './attributes-file.js';
import {
  columnSource,
  type EdgeColumnSource,
  edgeFiles,
  seenFromPins,
  type StoredEdgeColumns,
  writeEdges,
} from './edges-file.js';
import { type FeatureBatch, featureFile, featuresFolder, writeFeature } from './feature-file.js';
import {
  type Adjacency,
  type AttributeName,
  type Attributes,
  type Graph,
  type Relation,
  type Side,
  sides,
  type Topology,
} from './graph.js';
import { toolVersion } from '../package-root.js';
import { type Progress, silentProgress } from '../progress.js';
import { withDefaults } from '../with-defaults.js';
import { holdGraph } from './live/hold-graph.js';
import { formatVersion, graphId, type Manifest, manifestFile, type Provenance, writeManifest } from './manifest.js';
import type { OrderColumn } from './node-order.js';
import { relationFiles, relationFolder, type RelationRecord, relationsFolder } from './relations.js';

/** One node type's rows, in the order of its dense indices. */
export interface NodeSource {
  count: number;
  /** The attributes that any row has. */
  names: readonly AttributeName[];
  batches: () => Iterable<NodeBatch> | AsyncIterable<NodeBatch>;
}

export interface FeatureSource {
  name: string;
  dimension: number;
  batches: () => Iterable<FeatureBatch> | AsyncIterable<FeatureBatch>;
}

/** The edges seen from one side. */
export interface DirectionSource {
  rows: Adjacency | StreamedAdjacency;
  /** In the order of the rows' neighbours; made when they are written. */
  columns: () => EdgeColumnSource;
}

export type Directions = Record<Side, DirectionSource>;

/** Edges that lie in memory, `columns` in the order of `boards.neighbours`. */
export function directionsOf({ pins, boards }: Topology, columns: StoredEdgeColumns): Directions {
  return {
    pins: { rows: pins, columns: () => columnSource(seenFromPins(columns, boards, pins)) },
    boards: { rows: boards, columns: () => columnSource(columns) },
  };
}

/** All that a graph directory holds; nodes and features come in batches, for they need not fit in memory. */
export interface GraphSource {
  edges: Directions;
  pins: NodeSource;
  boards: NodeSource;
  features: readonly FeatureSource[];
  relations: readonly Relation[];
  /** What nodes are numbered by, before their ids. */
  order: readonly OrderColumn[];
  provenance: Provenance;
}

export const attributeFiles = { pins: 'pins.attributes.arrow', boards: 'boards.attributes.arrow' } as const;

/** The rows that a build could not use; absent where it could use all. */
export const rejectsFile = 'rejects.parquet';

export const graphFolder: FolderKind = {
  what: 'a graph directory',
  marker: { file: manifestFile, says: '"boardwalk-graph"' },
  names: [
    ...Object.values(adjacencyFiles),
    ...Object.values(edgeFiles),
    ...Object.values(attributeFiles),
    featuresFolder,
    relationsFolder,
    rejectsFile,
  ],
  hold: holdGraph,
};

type WriteFile = (path: string) => Promise<FileRecord | undefined>;

/** Runs the writing of one file, or gives the record of one that lies there already. */
export type FileKeeper = (name: string, write: () => ReturnType<WriteFile>) => ReturnType<WriteFile>;

export interface WriteFilesOptions {
  keeper: FileKeeper;
  progress: Progress;
}

export const writeFilesDefaults: WriteFilesOptions = { keeper: (_, write) => write(), progress: silentProgress };

/** Fills an existing folder with a graph's files and, last, its manifest. */
export async function writeGraphFiles(
  directory: string,
  source: GraphSource,
  options: Partial<WriteFilesOptions> = {},
): Promise<Manifest> {
  const { keeper, progress } = withDefaults(writeFilesDefaults, options);
  const { edges, pins, boards } = source;
  const files: Record<string, FileRecord> = {};
  const keep = async (name: string, write: WriteFile): Promise<void> => {
    const record = await keeper(name, () => write(join(directory, name)));
    if (record) files[name] = record;
  };
  const writingEdges = progress.stage('writing edges');
  for (const side of sides) await keep(adjacencyFiles[side], (path) => writeAdjacency(path, edges[side].rows));
  for (const side of sides) await keep(edgeFiles[side], (path) => writeEdges(path, edges[side].columns()));
  writingEdges.finish();
  const writingNodes = progress.stage('writing pins and boards');
  for (const side of sides) {
    const { names, batches } = source[side];
    await keep(attributeFiles[side], (path) => writeAttributes(path, names, batches()));
  }
  if (source.features.length > 0) mkdirSync(join(directory, featuresFolder), { recursive: true });
  for (const feature of source.features)
    await keep(featureFile(feature.name), (path) => writeFeature(path, feature, feature.batches()));
  for (const { name, topology } of source.relations) {
    mkdirSync(join(directory, relationFolder(name)), { recursive: true });
    for (const side of sides) await keep(relationFiles(name)[side], (path) => writeAdjacency(path, topology[side]));
  }
  writingNodes.finish();

  const { offsets } = edges.boards.rows;
  const manifest: Manifest = {
    format: 'boardwalk-graph',
    version: formatVersion,
    id: graphId(files),
    counts: { pins: pins.count, boards: boards.count, edges: offsets[offsets.length - 1] },
    features: source.features.map(({ name, dimension }) => ({ name, dimension, file: featureFile(name) })),
    ...(source.relations.length > 0 && { relations: source.relations.map(recordOf) }),
    ...(source.order.length > 0 && { order: source.order }),
    files,
    provenance: source.provenance,
  };
  writeManifest(directory, manifest);
  return manifest;
}

function recordOf({ name, topology }: Relation): RelationRecord {
  return { name, nodes: topology.boards.offsets.length - 1, edges: topology.boards.neighbours.length };
}

/** Nodes that lie in memory: `idOf` and `cellOf` are asked by dense index. */
export function nodesInMemory(
  count: number,
  names: readonly AttributeName[],
  idOf: (index: number) => string,
  cellOf: (name: AttributeName, index: number) => string | null,
): NodeSource {
  function* batches(): Generator<NodeBatch> {
    for (let from = 0; from < count; from += batchRows) {
      const indices = Array.from({ length: Math.min(batchRows, count - from) }, (_, i) => from + i);
      yield {
        ids: indices.map(idOf),
        columns: Object.fromEntries(names.map((name) => [name, indices.map((index) => cellOf(name, index))])),
      };
    }
  }
  return { count, names, batches };
}

function nodeSource(ids: Vocabulary, attributes: Attributes): NodeSource {
  return nodesInMemory(
    ids.size,
    attributes.names,
    (index) => ids.id(index),
    (name, index) => attributes.get(name, index),
  );
}

function featureSource(column: Graph['features'][number]): FeatureSource {
  const { name, dimension, values } = column;
  function* batches(): Generator<FeatureBatch> {
    const step = batchRows * dimension;
    for (let from = 0; from < values.length; from += step) yield { values: values.subarray(from, from + step) };
  }
  return { name, dimension, batches };
}

/** Brings a graph directory's list of rejected rows, where it has one, into another. */
export function copyRejects(from: string, to: string): void {
  const path = join(from, rejectsFile);
  if (existsSync(path)) copyFileSync(path, join(to, rejectsFile));
}

export interface WriteGraphOptions extends WholeDirectoryOptions {
  provenance?: Partial<Provenance>;
  /** The graph directory that this graph was made of: its list of rejected rows comes along. */
  madeOf?: string;
}

/** Writes a graph held in memory as a graph directory that appears only when whole. */
export function writeGraph(directory: string, graph: Graph, options: WriteGraphOptions = {}): Promise<Manifest> {
  const source: GraphSource = {
    edges: directionsOf(graph.topology, graph.edges),
    pins: nodeSource(graph.pins, graph.pinAttributes),
    boards: nodeSource(graph.boards, graph.boardAttributes),
    features: graph.features.map(featureSource),
    relations: graph.relations,
    order: graph.order?.columns ?? [],
    provenance: {
      tool: toolVersion(),
      sources: [],
      options: {},
      rejects: {},
      duplicates: { edges: 0, pins: 0, boards: 0 },
      ...options.provenance,
    },
  };
  return writeWholeDirectory(
    directory,
    graphFolder,
    (temporary) => {
      if (options.madeOf !== undefined) copyRejects(options.madeOf, temporary);
      return writeGraphFiles(temporary, source);
    },
    options,
  );
}
