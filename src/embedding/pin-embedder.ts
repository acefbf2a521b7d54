import * as tf from '@tensorflow/tfjs-core';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { type PinView, somePins } from '../graph/pin-table.js';
import { relationsNamed } from '../graph/relations.js';
import { rowCount } from '../graph/walk-rows.js';
import { openBackend } from '../model/backends.js';
import type { Encoder } from '../model/encoder.js';
import { encodePins, graphsRead } from '../model/features.js';
import { openPinSage } from '../model/model-file.js';
import { openEncoder } from '../model/open-encoder.js';
import { vectorColumns } from '../model/pin-axes.js';
import { hopsOf } from '../model/spec.js';
import { walksOf } from '../model/walks.js';
import type { PinSageModel } from '../model/weights.js';
import { batchAround } from '../sampling/batch-around.js';
import { embeddingEpoch } from './embed-pins.js';
import { viewWalks } from './view-walks.js';

/** What is read of the graph that a model was made for. */
type EmbeddedGraph = Pick<Graph, 'pins' | 'features' | 'relations'>;

type BatchMaker = ReturnType<typeof batchAround>;

/**
 * Gives single pins their vectors in milliseconds: of pins that came after the model, from their content and whatever
 * boards they have by now. Walks of the embedding's own stream and a forward pass over what they lead to, so that a pin
 * of the model's own graph gets the vector that it has in the table, but for the order of sums.
 */
export class PinEmbedder {
  readonly dimension: number;
  readonly #model: PinSageModel;
  readonly #encoder: Encoder;
  readonly #seed: number;
  readonly #base: EmbeddedGraph;
  #around: { view: PinView; batch: BatchMaker } | undefined;

  private constructor(model: PinSageModel, base: EmbeddedGraph, seed: number) {
    this.dimension = vectorColumns(model);
    this.#model = model;
    this.#encoder = openEncoder(model.spec, model.weights);
    this.#seed = seed;
    this.#base = base;
  }

  /**
   * Opens the wasm backend and the encoder on it. `base` is the graph that the model was made for, whose feature
   * columns and relations are read, and `seed` the model's. Throws `bad_option` for a transformer, which reads boards
   * too: their features are means over all of their pins.
   */
  static async open(model: PinSageModel, base: EmbeddedGraph, seed: number): Promise<PinEmbedder> {
    if (model.spec.aggregator === 'transformer')
      throw new BoardwalkError(
        'bad_option',
        'A transformer gives no single pins their vectors. Renew the table with `boardwalk embed`.',
        { field: 'aggregator' },
      );
    await openBackend('wasm');
    return new PinEmbedder(model, base, seed);
  }

  /** The vectors [pins, dimension] of distinct pins of a graph, by their indices there. */
  embed(view: PinView, pins: Uint32Array): Float32Array {
    const { spec, features, weights } = this.#model;
    const batch = this.#batchOf(view)(pins);
    const table = somePins(view, this.#base, batch.nodes);
    const inputs = encodePins(table, spec.features, { features, fitted: weights });
    return tf.tidy(() => this.#encoder.forward(batch, inputs).dataSync()) as Float32Array;
  }

  dispose(): void {
    this.#encoder.dispose();
  }

  #batchOf(view: PinView): BatchMaker {
    if (this.#around?.view !== view) {
      const { spec, features } = this.#model;
      const relations = relationsNamed(this.#base, features.relations ?? []);
      const walk = viewWalks(view, this.#base, relations, walksOf(spec, this.#seed, embeddingEpoch));
      const size = graphsRead(features) * spec.neighbours;
      this.#around = { view, batch: batchAround(rowCount(view.topology.pins), hopsOf(spec), size, walk) };
    }
    return this.#around.batch;
  }
}

/** Opens the embedder of a model by its `weights.safetensors`. */
export function openPinEmbedder(weightsPath: string, base: EmbeddedGraph, seed: number): Promise<PinEmbedder> {
  return PinEmbedder.open(openPinSage(weightsPath), base, seed);
}
