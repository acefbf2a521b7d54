import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NearestNeighbours } from '../ann/nearest-neighbours.js';
import { openIndex } from '../ann/index-file.js';
import { type FittedSource, loadSource } from '../candidates/fitted-source.js';
import { readEmbeddingTable } from '../embedding/table-file.js';
import type { EmbeddingTable } from '../embedding/table.js';
import { readingFile } from '../data/read-file.js';
import { readWholeDirectory } from '../data/read-whole-directory.js';
import { BoardwalkError } from '../errors.js';
import type { PinnabilityModel } from '../ranking/pinnability.js';
import { readJson } from './json-file.js';
import { checkModelFiles } from './model-checksums.js';
import { modelFiles } from './model-files.js';
import { modelId } from './model-id.js';
import { modelFormat, type ModelSpec, trainedPart } from './spec.js';

/** Held-out figures, as `evaluate --json` shapes them, and what the ranker's own check found. */
export interface ModelMetrics {
  readonly task: string;
  readonly methods: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Null where a figure has no value, as the AUC where all candidates were saved, or none. */
  readonly ranker: Readonly<Record<string, number | null>>;
}

/** What a model directory says of itself, without the parts that take time to open. */
export interface ModelSummary {
  readonly directory: string;
  readonly id: string;
  readonly spec: ModelSpec;
  readonly metrics: ModelMetrics;
}

/** A model directory, opened for answering. */
export interface Model extends ModelSummary {
  readonly table: EmbeddingTable;
  /**
   * The columns of `table` that PinSage was trained in, by which the recommender tells likeness: what places on axes
   * say, its other sources say better (recall@20 of .2029 for .2018 on Gowalla).
   */
  readonly trained: EmbeddingTable;
  /** Over `trained`. */
  readonly index: NearestNeighbours;
  readonly sources: readonly FittedSource[];
  readonly ranker: PinnabilityModel;
  /** One row an epoch; null where the log is absent. */
  readonly epochs: readonly Readonly<Record<string, number>>[] | null;
}

function summaryIn(directory: string): Omit<ModelSummary, 'directory'> {
  const path = join(directory, modelFiles.spec);
  const spec = readJson<ModelSpec>(path);
  if (spec?.format !== modelFormat)
    throw new BoardwalkError(
      'format_version',
      `${path} has format ${spec?.format}, this version of Boardwalk reads ${modelFormat}; train again.`,
      { file: path },
    );
  checkModelFiles(directory, [modelFiles.spec, modelFiles.weights, modelFiles.metrics]);
  const weights = join(directory, modelFiles.weights);
  if (!existsSync(weights))
    throw new BoardwalkError('not_found', `${weights} is missing; train again.`, { file: weights });
  return { id: modelId(spec, weights), spec, metrics: readJson<ModelMetrics>(join(directory, modelFiles.metrics)) };
}

/** What a new model, and new vectors in an old one, put in place of what was there. */
const marks = [modelFiles.spec, modelFiles.table, modelFiles.checksums];

/**
 * Reads a model directory, from where it lies, and anew where another model, or other vectors, have come there meanwhile:
 * what `read` gives, or throws, is of one model. @throws BoardwalkError `not_found`, `bad_file`, `checksum`,
 * `format_version`
 */
export function readModelDirectory<T>(directory: string, read: (place: string, summary: ModelSummary) => T): T {
  return readWholeDirectory(directory, marks, (place) => read(place, { directory, ...summaryIn(place) }));
}

/** @throws BoardwalkError `not_found`, `bad_file`, `checksum`, `format_version` */
export function readSummary(directory: string): ModelSummary {
  return readModelDirectory(directory, (_, summary) => summary);
}

function ownTable(place: string, id: string): EmbeddingTable {
  const file = join(place, modelFiles.table);
  const table = readEmbeddingTable(file);
  if (table.modelId !== id)
    throw new BoardwalkError(
      'mismatch',
      `${file} holds the vectors of model "${table.modelId}", not of ${id}, beside which it lies: make them again with \`boardwalk embed\` or \`boardwalk rank\`.`,
      { file },
    );
  return table;
}

/** Opens the vectors of a model; throws `mismatch` where those in its directory are another model's. */
export async function openOwnTable(directory: string): Promise<EmbeddingTable> {
  return readModelDirectory(directory, (place, { id }) => {
    checkModelFiles(place, [modelFiles.table]);
    return ownTable(place, id);
  });
}

/** Throws `mismatch` where a directory no longer holds the model that something is to be put beside, or in place of. */
export function assertStillThere(directory: string, id: string): void {
  const found = readSummary(directory).id;
  if (found !== id)
    throw new BoardwalkError(
      'mismatch',
      `${directory} has come to hold model ${found} in place of ${id}, which was being renewed: it is left as it is. Repeat the command.`,
      { file: directory },
    );
}

/** @throws BoardwalkError `not_found`, `bad_file`, `checksum`, `format_version`, or `mismatch` between its parts */
export async function openModel(directory: string): Promise<Model> {
  return readModelDirectory(directory, (place, summary) => {
    checkModelFiles(place);
    const table = ownTable(place, summary.id);
    const trained = trainedPart(table, summary.spec);
    return {
      ...summary,
      table,
      trained,
      index: openIndex(join(place, modelFiles.index), trained),
      sources: summary.spec.sources.map(({ name, settings }) =>
        loadSource(join(place, modelFiles.candidates), name, settings),
      ),
      ranker: readJson<PinnabilityModel>(join(place, modelFiles.ranker)),
      epochs: readEpochs(join(place, modelFiles.training)),
    };
  });
}

/** The last record of each epoch, which holds its means and the validation figure, if any: its numbers by name. */
function readEpochs(path: string): Record<string, number>[] | null {
  if (!existsSync(path)) return null;
  const last = new Map<number, Record<string, number>>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    const numbers = Object.entries(readingFile(path, 'Train again.', () => JSON.parse(line) as object)).filter(
      ([, value]) => typeof value === 'number',
    );
    const record = Object.fromEntries(numbers) as Record<string, number>;
    last.set(record.epoch, record);
  }
  return [...last.values()];
}
