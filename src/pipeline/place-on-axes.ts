import { fitSpectral } from '../candidates/spectral.js';
import type { SpectralFactors } from '../candidates/spectral-factors.js';
import { degreesOf, type Graph } from '../graph/graph.js';
import type { Rows } from '../model/layer-step.js';
import { withAxes } from '../model/pin-axes.js';
import type { PinSageModel } from '../model/weights.js';
import { type Progress, silentProgress } from '../progress.js';
import { recallAlone } from './choose-pinsage-settings.js';
import { tableOf } from './table-of.js';
import type { Holdout } from './validation-holdout.js';

/** A model with its places on the axes of a graph, and the vectors of that graph's pins. */
export interface PlacedModel {
  readonly model: PinSageModel;
  readonly vectors: Float32Array;
}

/** Columns that hidden edges choose from, beside all that there are. */
const triedColumns = [0, 128, 256];
/** Boards that judge each of them. */
const judgedBoards = 500;
/** Places grow with the number of a pin's boards to this power. */
const degreeExponent = 0.25;
/** Of the trained vectors' root mean square length, that of places: .5 to 1 find about as much on Gowalla and LastFM. */
const relativeLength = 0.7;

/** Only pins with boards have places. */
function meanSquare(vectors: Float32Array, isPlaced: Uint8Array): number {
  const width = vectors.length / isPlaced.length;
  let [sum, pins] = [0, 0];
  isPlaced.forEach((counts, pin) => {
    if (!counts) return;
    pins++;
    for (let i = pin * width; i < (pin + 1) * width; i++) sum += vectors[i] * vectors[i];
  });
  return sum / Math.max(1, pins);
}

/** [pins, columns] places on the leading axes, as long as the trained vectors ask for. */
function placesOf(graph: Graph, { dimension, values }: SpectralFactors, columns: number, trained: Float32Array): Rows {
  const degrees = degreesOf(graph.topology.pins);
  const places = new Float32Array(degrees.length * columns);
  degrees.forEach((boards, pin) => {
    const power = boards ** degreeExponent;
    for (let i = 0; i < columns; i++) places[pin * columns + i] = power * values[pin * dimension + i];
  });
  const isPlaced = Uint8Array.from(degrees, (boards) => Number(boards > 0));
  const square = meanSquare(places, isPlaced);
  const scale = square > 0 ? relativeLength * Math.sqrt(meanSquare(trained, isPlaced) / square) : 0;
  return { width: columns, values: places.map((value) => scale * value) };
}

/** Vectors as the model makes them, with places behind its trained columns. */
function joined(trained: Float32Array, { width, values }: Rows, pins: number): Float32Array {
  const own = trained.length / pins;
  const vectors = new Float32Array(trained.length + values.length);
  for (let pin = 0; pin < pins; pin++) {
    vectors.set(trained.subarray(pin * own, (pin + 1) * own), pin * (own + width));
    vectors.set(values.subarray(pin * width, (pin + 1) * width), pin * (own + width) + own);
  }
  return vectors;
}

function placed(graph: Graph, model: PinSageModel, trained: Float32Array, places: Rows): PlacedModel {
  return {
    model: withAxes(model, graph, places),
    vectors: places.width === 0 ? trained : joined(trained, places, graph.pins.size),
  };
}

/** A model's places on as many of a graph's leading axes, anew; `trained` are the vectors [pins, dimension] without. */
export function placeOnAxes(
  graph: Graph,
  model: PinSageModel,
  trained: Float32Array,
  columns: number,
  progress: Progress = silentProgress,
): PlacedModel {
  if (columns === 0) return placed(graph, model, trained, { width: 0, values: new Float32Array(0) });
  const factors = fitSpectral(graph.topology, { factors: columns }, progress);
  return placed(graph, model, trained, placesOf(graph, factors, columns, trained));
}

/**
 * On how many axes pins are placed, at most as many as the spec says: as many as let the vectors find the most hidden
 * pins by themselves. Axes that are nearly as many as a small graph has say nothing of pins that a board lacks.
 */
export function chooseAxes(
  holdout: Holdout,
  model: PinSageModel,
  trained: Float32Array,
  seed: number,
  progress: Progress = silentProgress,
): PlacedModel {
  const { graph } = holdout;
  const without = placeOnAxes(graph, model, trained, 0);
  if (model.spec.axes === 0) return without;
  const factors = fitSpectral(graph.topology, { factors: model.spec.axes }, progress);
  const tried = [...triedColumns.filter((columns) => columns < factors.dimension), factors.dimension];
  const stage = progress.stage('choosing axes', tried.length);
  let best = without;
  let most = Number.NEGATIVE_INFINITY;
  let chosen = 0;
  for (const [index, columns] of tried.entries()) {
    const each = columns === 0 ? without : placed(graph, model, trained, placesOf(graph, factors, columns, trained));
    const recall = recallAlone(holdout, tableOf(graph, each.vectors, each.model), judgedBoards, seed);
    if (recall > most) [best, most, chosen] = [each, recall, columns];
    stage.update(index + 1, { axes: columns, recall });
  }
  stage.finish(`${chosen} of ${factors.dimension}`);
  return best;
}
