import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { loadSource, openSource } from '../../src/candidates/fitted-source.js';
import { openEmbeddingTable } from '../../src/embedding/table-file.js';
import { unpackVectors } from '../../src/embedding/vectors.js';
import { readTestPairs } from '../../src/evaluation/test-pairs.js';
import { buildGraph } from '../../src/graph/build.js';
import type { Graph } from '../../src/graph/graph.js';
import { openGraph } from '../../src/graph/open.js';
import { readTensorFile } from '../../src/model/safetensors.js';
import { openRecommender } from '../../src/registry/open-recommender.js';
import { importancePoolingDefaults } from '../../src/sampling/kernel.js';
import { typescriptKernel } from '../../src/sampling/typescript-kernel.js';
import { checkpointPath } from '../../src/training/checkpoint.js';
import { readTrainingLog } from '../../src/training/training-log.js';

/** One reader, and what it is given: a file or a folder of the specimens, of which one file is damaged. */
export interface FuzzedReader {
  name: string;
  specimen: string;
  /** Reads and uses what lies at `path`; gives a digest of all that it found there. */
  read(path: string, specimens: string): Promise<string>;
  /** The reader compares checksums, so what it accepts must be what the undamaged file holds. */
  checked: boolean;
}

function digest(...parts: unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    if (ArrayBuffer.isView(part))
      hash.update(Uint8Array.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
    else hash.update(JSON.stringify(part) ?? '');
  }
  return hash.digest('hex');
}

/** Reads every cell, and walks from every pin. */
function digestOf(graph: Graph): string {
  const { topology, pins, boards, features, edges, relations } = graph;
  const cells = (['pins', 'boards'] as const).map((side) => {
    const attributes = side === 'pins' ? graph.pinAttributes : graph.boardAttributes;
    return graph[side].ids().map((_, index) => attributes.names.map((name) => attributes.get(name, index)));
  });
  const seeds = Uint32Array.from(pins.ids().keys());
  const walked = typescriptKernel(topology).importancePool(seeds, {
    ...importancePoolingDefaults,
    neighbours: 5,
    steps: 20,
  });
  return digest(
    [
      graph.id,
      pins.ids(),
      boards.ids(),
      cells,
      features.map(({ name }) => name),
      relations.map(({ name }) => name),
      graph.order?.values('pins'),
    ],
    ...[topology, ...relations.map((relation) => relation.topology)]
      .flatMap((each) => [each.pins, each.boards])
      .flatMap(({ offsets, neighbours }) => [offsets, neighbours]),
    ...features.map(({ values }) => values),
    edges.addedAt,
    edges.weight,
    walked.neighbours,
  );
}

async function build(path: string, specimens: string, role: string): Promise<string> {
  const out = join(dirname(path), 'built');
  const whole = join(specimens, 'sources', 'edges.csv');
  const { manifest } = await buildGraph({
    edges: [role === 'edges' ? path : whole],
    ...(role !== 'edges' && { [role]: path }),
    out,
    force: true,
    maxRejects: '100%',
    threads: 1,
    memory: '600MB',
  });
  // What a build lets pass must make a graph that opens.
  await openGraph(out, { checksums: true });
  return manifest.id;
}

function sourceReaders(): FuzzedReader[] {
  const formats = ['csv', 'csv.gz', 'tsv', 'jsonl', 'parquet', 'arrow'];
  const builds = ['edges', 'pins', 'boards', 'topics'].flatMap((role) =>
    formats.map((format) => ({
      name: `${role}.${format}`,
      specimen: `sources/${role}.${format}`,
      read: (path: string, specimens: string) => build(path, specimens, role),
      checked: false,
    })),
  );
  const tests = formats.map((format) => ({
    name: `test pairs.${format}`,
    specimen: `sources/edges.${format}`,
    read: async (path: string) => digest(await readTestPairs(path, ['board_id'])),
    checked: false,
  }));
  return [...builds, ...tests];
}

function fittedReaders(): FuzzedReader[] {
  return (['rp3beta', 'itemknn', 'gfcf', 'ials', 'content'] as const).map((name) => ({
    name: `fitted ${name}`,
    specimen: `fitted/${name}.arrow`,
    async read(path, specimens) {
      const { topology } = await openGraph(join(specimens, 'graph'));
      const source = openSource(loadSource(dirname(path), name), { topology });
      const { pins, scores } = source.retrieve(evenQuery(Uint32Array.of(0, 1, 2)), 20);
      return digest(pins, scores);
    },
    checked: false,
  }));
}

/** Every reader of the product; those of a model directory only where the specimens hold one. */
export function fuzzedReaders(model: boolean): FuzzedReader[] {
  const readers: FuzzedReader[] = [
    ...sourceReaders(),
    { name: 'graph', specimen: 'graph', read: async (path) => digestOf(await openGraph(path)), checked: false },
    {
      name: 'graph with checksums',
      specimen: 'graph',
      read: async (path) => digestOf(await openGraph(path, { checksums: true })),
      checked: true,
    },
    {
      name: 'embedding table',
      specimen: 'table.arrow',
      async read(path) {
        const { pinIds, vectors, dimension } = await openEmbeddingTable(path);
        return digest(pinIds, dimension, unpackVectors(vectors, dimension));
      },
      checked: false,
    },
    {
      name: 'safetensors',
      specimen: 'weights.safetensors',
      async read(path) {
        const { weights, metadata } = readTensorFile(path);
        return digest(
          [...weights].map(([name, { shape }]) => [name, shape]),
          metadata,
          ...Array.from(weights, ([, { values }]) => values),
        );
      },
      checked: false,
    },
    {
      name: 'checkpoint',
      specimen: 'checkpoint',
      async read(path) {
        const { weights, metadata } = readTensorFile(checkpointPath(path));
        return digest(metadata, readTrainingLog(path), ...Array.from(weights, ([, { values }]) => values));
      },
      checked: false,
    },
    ...fittedReaders(),
  ];
  if (!model) return readers;
  const asked = { pins: ['p0', 'p1'], limit: 10 };
  return [
    ...readers,
    {
      name: 'model',
      specimen: 'model',
      async read(path, specimens) {
        const { recommender } = await openRecommender(join(specimens, 'graph'), path);
        return digest(recommender.recommend(asked).results);
      },
      checked: true,
    },
  ];
}
