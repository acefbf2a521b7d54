import { setImmediate } from 'node:timers/promises';
import type { SpectralFactors } from '../../candidates/spectral-factors.js';
import { fitSpectral } from '../../candidates/spectral.js';
import { tableOf } from '../../embedding/table-of.js';
import { degreesOf, type Graph } from '../../graph/graph.js';
import { alignment } from '../../linear/alignment.js';
import { matrix, rowProducts } from '../../linear/dense-matrix.js';
import { type Rows, takeRows } from '../../linear/rows.js';
import { axesColumns, pinAxes, withAxes } from '../../model/pin-axes.js';
import type { PinSageModel } from '../../model/weights.js';
import { type Progress, silentProgress } from '../../progress.js';
import type { Holdout } from '../holdout/validation-holdout.js';
import { recallAlone } from './choose-vector-settings.js';

/** A model with its places on the axes of a graph, and the vectors of that graph's pins. */
export interface PlacedModel {
  readonly model: PinSageModel;
  readonly vectors: Float32Array;
}

/** Columns that hidden edges choose from, beside all that there are. */
const triedColumns = [0, 32, 64, 128, 256];
/** Boards that judge each of them. */
const judgedBoards = 500;
/** Places grow with the number of a pin's boards to this power. */
const degreeExponent = 0.25;
/**
 * Of the trained vectors' root mean square length, that of places. Where the trained ones keep their lengths, .5 to 1
 * find about as much on Gowalla and LastFM. Where they have one length, 1 finds more of the hidden edges of citeulike-a
 * and the bundled graph than .7; 1.4 finds more still on the latter, and less of MovieLens 100k's test.
 */
const relativeLength = { kept: 0.7, alike: 1 } as const;
/** Values of the places by which two models' are brought together, those of some pins. */
const alignedValues = 4_000_000;

const none: Rows = { width: 0, values: new Float32Array(0) };

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
function placesOf(
  graph: Graph,
  { spec }: PinSageModel,
  { dimension, values }: SpectralFactors,
  columns: number,
  trained: Float32Array,
): Rows {
  const degrees = degreesOf(graph.topology.pins);
  const places = new Float32Array(degrees.length * columns);
  degrees.forEach((boards, pin) => {
    const power = boards ** degreeExponent;
    for (let i = 0; i < columns; i++) places[pin * columns + i] = power * values[pin * dimension + i];
  });
  const isPlaced = Uint8Array.from(degrees, (boards) => Number(boards > 0));
  const square = meanSquare(places, isPlaced);
  const length = relativeLength[spec.normalise ? 'alike' : 'kept'];
  const scale = square > 0 ? length * Math.sqrt(meanSquare(trained, isPlaced) / square) : 0;
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

/**
 * Places turned as a whole, which changes no list, to where they lie nearest to those that another model has of the same
 * pins: axes of two graphs are alike, but for their signs and for the order of those that count as much.
 */
function turnedLike(places: Rows, graph: Graph, like: PinSageModel): Rows {
  const { width } = places;
  const wanted = pinAxes(graph, like.weights);
  if (wanted?.width !== width) return places;
  const every = Math.ceil(places.values.length / alignedValues);
  const sampled = Uint32Array.from({ length: Math.ceil(graph.pins.size / every) }, (_, i) => i * every);
  const turn = alignment(takeRows(places, sampled), takeRows(wanted, sampled));
  // Too few pins in common to tell all directions: a turn has one for each column.
  if (turn.reduce((sum, value) => sum + value * value, 0) < width - 0.5) return places;
  const columns = matrix(width, width);
  for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) columns.values[j * width + i] = turn[i * width + j];
  return { width, values: rowProducts(matrix(graph.pins.size, width, places.values), columns).values };
}

/**
 * A model's places on as many of a graph's leading axes as `like` has, turned towards its places; `trained` are the
 * vectors [pins, dimension] without.
 */
export function placeLike(
  graph: Graph,
  model: PinSageModel,
  trained: Float32Array,
  like: PinSageModel,
  progress: Progress = silentProgress,
): PlacedModel {
  const columns = axesColumns(like.weights);
  if (columns === 0) return placed(graph, model, trained, none);
  const factors = fitSpectral(graph.topology, { factors: columns }, progress);
  const places = placesOf(graph, model, factors, Math.min(columns, factors.dimension), trained);
  return placed(graph, model, trained, turnedLike(places, graph, like));
}

/**
 * On how many axes pins are placed, at most as many as the spec says: as many as let the vectors find the most hidden
 * pins by themselves. Axes that are nearly as many as a small graph has say nothing of pins that a board lacks.
 */
export async function chooseAxes(
  holdout: Holdout,
  model: PinSageModel,
  trained: Float32Array,
  seed: number,
  progress: Progress = silentProgress,
): Promise<PlacedModel> {
  const { graph } = holdout;
  const without = placed(graph, model, trained, none);
  if (model.spec.axes === 0) return without;
  const factors = fitSpectral(graph.topology, { factors: model.spec.axes }, progress);
  const tried = [...triedColumns.filter((columns) => columns < factors.dimension), factors.dimension];
  const stage = progress.stage('choosing axes', tried.length);
  let best = without;
  let most = Number.NEGATIVE_INFINITY;
  let chosen = 0;
  for (const [index, columns] of tried.entries()) {
    const each =
      columns === 0 ? without : placed(graph, model, trained, placesOf(graph, model, factors, columns, trained));
    const recall = recallAlone(holdout, tableOf(graph, each.vectors, each.model), judgedBoards, seed);
    if (recall > most) [best, most, chosen] = [each, recall, columns];
    stage.update(index + 1, { axes: columns, recall });
    // Each takes seconds: signals are heard in between.
    await setImmediate();
  }
  stage.finish(`${chosen} of ${factors.dimension}`);
  return best;
}
