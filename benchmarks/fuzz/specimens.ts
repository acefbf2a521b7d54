import { tableFromArrays, tableToIPC, vectorFromArray } from 'apache-arrow';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fitSource, saveSource } from '../../src/candidates/fitted-source.js';
import { writeTextParquet } from '../../src/data/parquet-rows.js';
import { writeEmbeddingTable } from '../../src/embedding/table-file.js';
import { buildGraph } from '../../src/graph/build.js';
import { openGraph } from '../../src/graph/open.js';
import { writeTensorFile } from '../../src/model/safetensors.js';
import { relateDirectory } from '../../src/pipeline/graphs/relate-directory.js';
import { trainModel } from '../../src/pipeline/train-model.js';
import { random } from '../../src/random.js';
import { checkpointPath } from '../../src/training/checkpoint.js';
import { openTrainingLog } from '../../src/training/training-log.js';

type Row = Record<string, string | null>;

const words = ['wood', 'lamp', 'Björk', 'blue "sky"', 'line\nbreak', 'tea, cup', '🧶', 'chair', 'moss'];

function tables(seed: number, pins: number, boards: number, edges: number): Record<string, Row[]> {
  const source = random(seed);
  const day = (): string => `20${10 + source.below(14)}-0${1 + source.below(9)}-1${source.below(10)}`;
  const word = (): string => words[source.below(words.length)];
  return {
    edges: Array.from({ length: edges }, () => ({
      board_id: `b${source.below(boards)}`,
      pin_id: `p${Math.floor(pins * source.float() ** 2)}`,
      added_at: source.below(5) === 0 ? null : day(),
      weight: String(source.below(50) / 10),
      section: source.below(3) === 0 ? word() : null,
    })),
    pins: Array.from({ length: pins }, (_, pin) => ({
      pin_id: `p${pin}`,
      title: `${word()} ${word()}`,
      language: ['en', 'fi', null][source.below(3)],
      created_at: day(),
      look_0: String(source.float()),
      look_1: String(source.float()),
    })),
    boards: Array.from({ length: boards }, (_, board) => ({
      board_id: `b${board}`,
      title: word(),
      owner: `o${board % 5}`,
    })),
    topics: Array.from({ length: pins >> 1 }, (_, pin) => ({ pin_id: `p${2 * pin}`, board_id: null, topic: word() })),
  };
}

const quoted = (cell: string | null): string => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`);

function delimited(rows: readonly Row[], cell: (text: string | null) => string, delimiter: string): string {
  const lines = rows.map((row) => Object.values(row).map(cell).join(delimiter));
  return `${[Object.keys(rows[0]).join(delimiter), ...lines].join('\n')}\n`;
}

async function writeFormats(folder: string, name: string, rows: readonly Row[]): Promise<void> {
  const path = (ending: string): string => join(folder, `${name}.${ending}`);
  const columns = Object.keys(rows[0]);
  writeFileSync(path('csv'), delimited(rows, quoted, ','));
  writeFileSync(path('csv.gz'), gzipSync(delimited(rows, quoted, ',')));
  writeFileSync(
    path('tsv'),
    delimited(rows, (cell) => (cell ?? '').replaceAll('\n', ' '), '\t'),
  );
  writeFileSync(path('jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await writeTextParquet(path('parquet'), columns, rows);
  const vectors = columns.map((column) => [column, vectorFromArray(rows.map((row) => row[column]))]);
  writeFileSync(path('arrow'), tableToIPC(tableFromArrays(Object.fromEntries(vectors)), 'file'));
}

/** A model small enough to be trained in seconds. */
const smallModel = {
  pinsage: {
    features: { width: 8, textBuckets: 64, idBuckets: 32 },
    hidden: 8,
    dimension: 8,
    neighbours: 4,
    steps: 20,
    negatives: 16,
    hardNegatives: 1,
    batchSize: 64,
    pairsPerEpoch: 128,
    epochs: 1,
  },
  pintext: {
    features: { width: 8, textBuckets: 64 },
    dimension: 8,
    negatives: 16,
    batchSize: 64,
    pairsPerEpoch: 128,
    epochs: 1,
  },
  candidatesPerSource: 50,
  validation: { boards: 40 },
  ranker: { negatives: 30 },
};

/**
 * Fills a folder with one whole file of every kind that Boardwalk reads: `sources/<role>.<format>`, `graph`,
 * `table.arrow`, `fitted/<source>.arrow`, `weights.safetensors`, `checkpoint` and, where `model` is true, `model`.
 */
export async function writeSpecimens(folder: string, seed: number, model: boolean): Promise<void> {
  const sources = join(folder, 'sources');
  mkdirSync(sources, { recursive: true });
  for (const [name, rows] of Object.entries(tables(seed, 120, 60, 700))) await writeFormats(sources, name, rows);

  const graphPath = join(folder, 'graph');
  const source = (name: string): string => join(sources, `${name}.parquet`);
  await buildGraph({
    edges: [source('edges')],
    pins: source('pins'),
    boards: source('boards'),
    topics: source('topics'),
    order: ['language', 'topic'],
    out: graphPath,
    threads: 1,
  });
  // The graph itself does for a relation: its boards lose their ids there.
  await relateDirectory(graphPath, new Map([['closeups', graphPath]]), graphPath, { force: true });
  const graph = await openGraph(graphPath);
  const draw = random(seed, 1);
  const normal = (length: number): Float32Array => Float32Array.from({ length }, () => draw.normal());
  await writeEmbeddingTable(join(folder, 'table.arrow'), {
    modelId: 'a model',
    graphId: graph.id,
    dimension: 8,
    metric: 'cosine',
    pinIds: graph.pins.ids(),
    vectors: normal(8 * graph.pins.size),
  });
  mkdirSync(join(folder, 'fitted'));
  for (const name of ['rp3beta', 'itemknn', 'gfcf', 'ials', 'content'] as const)
    await saveSource(join(folder, 'fitted'), await fitSource(graph, name));
  const tensors = {
    weights: new Map([
      ['first', { shape: [4, 8], values: normal(32) }],
      ['second', { shape: [8], values: normal(8) }],
    ]),
    metadata: { format: 'a test', training: '{"seed":1}' },
  };
  await writeTensorFile(join(folder, 'weights.safetensors'), tensors);
  mkdirSync(join(folder, 'checkpoint'));
  await writeTensorFile(checkpointPath(join(folder, 'checkpoint')), tensors);
  const log = openTrainingLog(join(folder, 'checkpoint'), { steps: 0, epoch: 1 });
  for (let step = 1; step < 20; step++)
    log.append({
      step,
      epoch: 1,
      loss: 1 / step,
      learning_rate: 0.1,
      pairs_per_second: 100,
      idle_share: 0,
      memory: 1e8,
    });
  if (model)
    await trainModel({
      graphDirectory: graphPath,
      out: join(folder, 'model'),
      spec: smallModel,
      backend: 'wasm',
      seed,
    });
}
