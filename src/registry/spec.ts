import type { BlendOptions } from '../blending/blend.js';
import type { SourceName } from '../candidates/candidate-source.js';

/** Raised when a change makes older model directories unreadable. */
export const modelFormat = 1;

/** Settings are JSON: numbers, strings, booleans. */
export type Settings = Readonly<Record<string, unknown>>;

/** A candidate source as the model uses it, with the settings that were chosen on validation data. */
export interface SourceSpec {
  readonly name: SourceName;
  readonly settings: Settings;
}

/** Who made a model, when and how. Left out of the model's id. */
export interface Provenance {
  readonly created_at: string;
  readonly command: string;
  readonly backend: string;
  readonly tool_version: string;
  readonly node_version: string;
  /** Seconds of each stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/** What a model is: everything that reproduces it, with the graph that it was made from. */
export interface ModelSpec {
  readonly format: number;
  readonly graph_id: string;
  readonly seed: number;
  /** Architecture, loss and input features of PinSage. */
  readonly pinsage: Settings;
  readonly validation: Settings;
  readonly sources: readonly SourceSpec[];
  readonly candidates_per_source: number;
  readonly ranker: Settings;
  readonly blend: BlendOptions;
  readonly provenance: Provenance;
}
