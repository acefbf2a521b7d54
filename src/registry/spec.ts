import type { BlendOptions } from '../blending/blend.js';
import type { SourceSettings } from '../candidates/fitted-source.js';
import type { SourceName } from '../candidates/candidate-source.js';
import { type EmbeddingTable, trainedColumns, type TrainedVectors } from '../embedding/table.js';

/** Raised when a change makes older model directories unreadable. */
export const modelFormat = 1;

/** Settings of a stage as JSON: numbers, strings, booleans and objects of them. */
export type Settings = Readonly<Record<string, unknown>>;

/** A candidate source as the model uses it, with the settings that were chosen on validation data. */
export interface SourceSpec {
  readonly name: SourceName;
  readonly settings: SourceSettings;
}

/** When, how and how fast a model was made. Left out of its id. */
export interface Provenance {
  readonly created_at: string;
  readonly command: string;
  readonly backend: string;
  readonly tool_version: string;
  readonly node_version: string;
  /** Seconds of each stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/** What a model is: all that reproduces it from the graph. */
export interface ModelSpec {
  readonly format: number;
  /** The graph that the vectors, the sources and the ranker were fitted to. */
  readonly graph_id: string;
  /** The graph that PinSage's weights were trained on: an earlier state of the same graph, or the same. */
  readonly trained_graph_id: string;
  readonly seed: number;
  /** The model whose weights training began from; absent where it began anew. */
  readonly warm_start?: string;
  /** Input features, architecture and loss. */
  readonly pinsage: Settings;
  /** Input features, architecture and loss of each of PinText's networks, where the model has them. */
  readonly pintext?: Settings | readonly Settings[];
  /** How validation edges were drawn from the graph. */
  readonly validation: Settings;
  /** In the order in which the ranker's features list them. */
  readonly sources: readonly SourceSpec[];
  /** Pins asked of each source for a query. */
  readonly candidates_per_source: number;
  readonly ranker: Settings;
  readonly blend: BlendOptions;
  readonly provenance: Provenance;
}

/** PinSage's part of a model's table, which the recommender reads. */
export function trainedPart(table: EmbeddingTable, { pinsage }: Pick<ModelSpec, 'pinsage'>): EmbeddingTable {
  return trainedColumns(table, pinsage as Settings & TrainedVectors);
}
