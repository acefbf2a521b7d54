import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type WholeDirectoryOptions, writeWholeDirectory } from '../data/whole-directory.js';
import type { Vocabulary } from '../data/vocabulary.js';
import { adjacencyFiles, writeAdjacency } from './adjacency-file.js';
import { batchRows, type FileRecord } from './arrow-file.js';
import { type NodeBatch, writeAttributes } from './attributes-file.js';
import { edgeFiles, seenFromPins, type StoredEdgeColumns, writeEdges } from './edges-file.js';
import { type FeatureBatch, featureFile, writeFeature } from './feature-file.js';
import type { AttributeName, Attributes, Graph, Topology } from './graph.js';
import { formatVersion, graphId, type Manifest, type Provenance, writeManifest } from './manifest.js';
import type { OrderColumn } from './node-order.js';

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

/** All that a graph directory holds; nodes and features come in batches, for they need not fit in memory. */
export interface GraphSource {
  topology: Topology;
  pins: NodeSource;
  boards: NodeSource;
  features: readonly FeatureSource[];
  edges: StoredEdgeColumns;
  /** What nodes are numbered by, before their ids. */
  order: readonly OrderColumn[];
  provenance: Provenance;
}

export const attributeFiles = { pins: 'pins.attributes.arrow', boards: 'boards.attributes.arrow' } as const;

/** Name and version of this program, as it signs what it writes. */
export function toolVersion(): string {
  const nearby = import.meta.url.endsWith('.ts') ? '../../package.json' : '../../../package.json';
  return `boardwalk ${JSON.parse(readFileSync(new URL(nearby, import.meta.url), 'utf8')).version}`;
}

/** Fills an existing folder with a graph's files and, last, its manifest. */
export async function writeGraphFiles(directory: string, source: GraphSource): Promise<Manifest> {
  const { topology, pins, boards, edges } = source;
  const files: Record<string, FileRecord> = {};
  const keep = (name: string, record: FileRecord | undefined): void => {
    if (record) files[name] = record;
  };
  for (const side of ['pins', 'boards'] as const) {
    keep(adjacencyFiles[side], await writeAdjacency(join(directory, adjacencyFiles[side]), topology[side]));
    const { names, batches } = source[side];
    keep(attributeFiles[side], await writeAttributes(join(directory, attributeFiles[side]), names, batches()));
  }
  keep(edgeFiles.boards, await writeEdges(join(directory, edgeFiles.boards), edges));
  const turned = seenFromPins(edges, topology.boards, topology.pins);
  keep(edgeFiles.pins, await writeEdges(join(directory, edgeFiles.pins), turned));

  if (source.features.length > 0) mkdirSync(join(directory, 'features'));
  for (const feature of source.features) {
    const file = featureFile(feature.name);
    keep(file, await writeFeature(join(directory, file), feature, feature.batches()));
  }
  const manifest: Manifest = {
    format: 'boardwalk-graph',
    version: formatVersion,
    id: graphId(files),
    counts: { pins: pins.count, boards: boards.count, edges: topology.boards.neighbours.length },
    features: source.features.map(({ name, dimension }) => ({ name, dimension, file: featureFile(name) })),
    ...(source.order.length > 0 && { order: source.order }),
    files,
    provenance: source.provenance,
  };
  writeManifest(directory, manifest);
  return manifest;
}

function nodeSource(ids: Vocabulary, attributes: Attributes): NodeSource {
  function* batches(): Generator<NodeBatch> {
    for (let from = 0; from < ids.size; from += batchRows) {
      const indices = Array.from({ length: Math.min(batchRows, ids.size - from) }, (_, i) => from + i);
      yield {
        ids: indices.map((index) => ids.id(index)),
        columns: Object.fromEntries(
          attributes.names.map((name) => [name, indices.map((index) => attributes.get(name, index))]),
        ),
      };
    }
  }
  return { count: ids.size, names: attributes.names, batches };
}

function featureSource(column: Graph['features'][number]): FeatureSource {
  const { name, dimension, values } = column;
  function* batches(): Generator<FeatureBatch> {
    const step = batchRows * dimension;
    for (let from = 0; from < values.length; from += step) yield { values: values.subarray(from, from + step) };
  }
  return { name, dimension, batches };
}

export interface WriteGraphOptions extends WholeDirectoryOptions {
  provenance?: Partial<Provenance>;
}

/** Writes a graph held in memory as a graph directory that appears only when whole. */
export function writeGraph(directory: string, graph: Graph, options: WriteGraphOptions = {}): Promise<Manifest> {
  const source: GraphSource = {
    topology: graph.topology,
    pins: nodeSource(graph.pins, graph.pinAttributes),
    boards: nodeSource(graph.boards, graph.boardAttributes),
    features: graph.features.map(featureSource),
    edges: graph.edges,
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
  return writeWholeDirectory(directory, (temporary) => writeGraphFiles(temporary, source), options);
}
