import { graphsRead } from '../../model/features.js';
import { hopsOf, type PinSageSpec } from '../../model/spec.js';
import type { Weight, Weights } from '../../model/weights.js';
import { sharedFloat32 } from '../../sampling/shared-arrays.js';
import type { TrainingData } from '../trainer.js';
import { barrierCells } from './barrier.js';

/** What the towers share. Flat arrays hold the trained weights one after the other, as `layout` says. */
export interface TowerMemory {
  readonly layout: readonly { readonly name: string; readonly shape: readonly number[]; readonly from: number }[];
  readonly weights: Float32Array;
  /** Adam's, as long as the weights. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** One a tower, as long as the weights. */
  readonly gradients: readonly Float32Array[];
  /** Two by turns, so that one barrier an exchange is enough; in each, one block a tower of `blockLength`. */
  readonly exchange: readonly [Float32Array, Float32Array];
  readonly blockLength: number;
  /** How many rows each tower gives to an exchange; two by turns. */
  readonly rowCounts: readonly [Int32Array, Int32Array];
  readonly barrier: Int32Array;
}

/** The most pins whose vectors a batch compares. */
function mostOwnPins({ batchSize, negatives, hardNegatives, query, queryPins }: PinSageSpec): number {
  const companions = query === 'board' ? queryPins : 0;
  return batchSize * (2 + companions + hardNegatives) + negatives;
}

/**
 * The largest rows that towers exchange: of the unique pins that a batch may reach at most, or of its boards. The
 * system gives memory only where it is written to.
 */
function longestBlock(spec: PinSageSpec, graphs: number, pins: number, boards: number): number {
  const { aggregator, neighbours, boardNeighbours, hidden, dimension } = spec;
  const own = Math.min(pins, mostOwnPins(spec));
  const reached = Math.min(pins, own * (1 + graphs * neighbours) ** hopsOf(spec));
  // Sums over the neighbours of each graph lie side by side.
  if (aggregator !== 'transformer') return reached * graphs * Math.max(hidden, dimension);
  // A token's key and value.
  return Math.max(reached, Math.min(boards, own * boardNeighbours)) * Math.max(2 * hidden, dimension);
}

export function towerMemory(
  { spec, features, inputs: { pins, boards } }: Pick<TrainingData, 'spec' | 'features' | 'inputs'>,
  towers: number,
  trained: readonly [string, Weight][],
  moments: Weights | undefined,
): TowerMemory {
  let from = 0;
  const layout = trained.map(([name, { shape, values }]) => {
    const start = from;
    from += values.length;
    return { name, shape, from: start };
  });
  const flat = (valuesOf: (name: string) => Float32Array | undefined): Float32Array => {
    const whole = sharedFloat32(from);
    for (const { name, from: start } of layout) whole.set(valuesOf(name) ?? [], start);
    return whole;
  };
  const values = new Map(trained);
  const blockLength = longestBlock(spec, graphsRead(features), pins, boards?.pins ?? 0);
  return {
    layout,
    weights: flat((name) => values.get(name)?.values),
    first: flat((name) => moments?.get(`${name}#first`)?.values),
    second: flat((name) => moments?.get(`${name}#second`)?.values),
    gradients: Array.from({ length: towers }, () => sharedFloat32(from)),
    exchange: [sharedFloat32(towers * blockLength), sharedFloat32(towers * blockLength)],
    blockLength,
    rowCounts: [new Int32Array(new SharedArrayBuffer(4 * towers)), new Int32Array(new SharedArrayBuffer(4 * towers))],
    barrier: barrierCells(),
  };
}

/** The arrays of one flat memory by name, copied; `suffix` is added to the names. */
export function unpacked({ layout }: TowerMemory, flat: Float32Array, suffix = ''): Weights {
  return new Map(
    layout.map(({ name, shape, from }) => {
      const length = shape.reduce((size, side) => size * side, 1);
      return [name + suffix, { shape, values: Float32Array.from(flat.subarray(from, from + length)) }];
    }),
  );
}
