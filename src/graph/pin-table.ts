import { Vocabulary } from '../data/vocabulary.js';
import { type Adjacency, type FeatureColumn, type Graph } from './graph.js';
import { rowLength, type WalkedGraph } from './walk-rows.js';

/** What is known of pins apart from which boards hold them: of all pins of a graph, or of some. */
export interface PinTable extends Pick<Graph, 'pins' | 'pinAttributes' | 'features'> {
  /** How many boards each pin has, by where its row ends. */
  readonly topology: { readonly pins: Pick<Adjacency, 'offsets'> };
}

/** Pins of a graph that may change meanwhile: a graph as it was built is one too. */
export interface PinView extends Pick<Graph, 'pins' | 'pinAttributes'> {
  readonly topology: WalkedGraph;
}

/** Some pins of a view, in their order. Feature columns are those of `base`, found by id: a pin that it lacks has zeros. */
export function somePins(
  { pins, pinAttributes, topology }: PinView,
  base: Pick<Graph, 'pins' | 'features'>,
  chosen: Uint32Array,
): PinTable {
  const ids = Array.from(chosen, (pin) => pins.id(pin));
  const offsets = new Uint32Array(chosen.length + 1);
  for (let row = 0; row < chosen.length; row++) offsets[row + 1] = offsets[row] + rowLength(topology.pins, chosen[row]);
  return {
    pins: new Vocabulary(ids),
    pinAttributes: { names: pinAttributes.names, get: (name, row) => pinAttributes.get(name, chosen[row]) },
    features: base.features.map((column) => rowsOf(column, base, ids)),
    topology: { pins: { offsets } },
  };
}

function rowsOf(
  { name, dimension, values }: FeatureColumn,
  { pins }: Pick<Graph, 'pins'>,
  ids: readonly string[],
): FeatureColumn {
  const rows = new Float32Array(ids.length * dimension);
  ids.forEach((id, row) => {
    const pin = pins.indexOf(id);
    if (pin >= 0) rows.set(values.subarray(pin * dimension, (pin + 1) * dimension), row * dimension);
  });
  return { name, dimension, values: rows };
}
