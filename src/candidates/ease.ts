import { foreseeMemory } from '../data/available-memory.js';
import { type Adjacency, degree, neighboursOf, type Topology } from '../graph/graph.js';
import {
  invertInPlace,
  position,
  symmetricBlocks,
  type SymmetricBlocks,
  symmetricRow,
} from '../linear/symmetric-inverse.js';
import { type Progress, silentProgress } from '../progress.js';
import { sharedFloat32, sharedUint32 } from '../sampling/shared-arrays.js';
import { withDefaults } from '../with-defaults.js';
import type { ItemNeighbours } from './item-neighbours.js';
import { nthLargest } from './nth-largest.js';

export interface EaseOptions {
  /** λ, added to the diagonal of XᵀX. */
  regularisation: number;
  /**
   * The largest system that is solved: 4 n² bytes and n³ / 2 multiply-adds. Where there are more pins and more
   * boards than that, only the most popular pins are covered.
   */
  rows: number;
  /** Entries kept for a pin: the largest, whatever their sign. */
  neighbours: number;
}

export const easeDefaults: EaseOptions = { regularisation: 200, rows: 8192, neighbours: 400 };

/**
 * EASE (Steck, WWW 2019): the pin-to-pin matrix B of zero diagonal that minimises |X − XB|² + λ|B|². With
 * P = (XᵀX + λ)⁻¹ it is −P[i, j] / P[j, j]. Where boards are fewer than pins, P = (1 − Xᵀ(XXᵀ + λ)⁻¹X) / λ
 * needs the inverse of the boards' matrix alone, and every pin is covered exactly.
 */
export function fitEase(
  topology: Topology,
  options: Partial<EaseOptions> = {},
  progress: Progress = silentProgress,
): ItemNeighbours {
  const settings = withDefaults(easeDefaults, options);
  const { pins, boards } = topology;
  const pinCount = pins.offsets.length - 1;
  const held = byDegree(pins);
  const ruled = byDegree(boards);
  const byBoards = held.length > settings.rows && ruled.length <= settings.rows;
  const covered = held.slice(0, byBoards ? held.length : settings.rows).sort();
  const system = byBoards ? ruled : covered;
  foreseeMemory({
    what: `EASE over ${system.length} ${byBoards ? 'boards' : 'pins'}`,
    bytes: 4 * system.length ** 2,
    mend: 'Lower its `rows`.',
  });
  progress.note(describe(covered, held, pins, byBoards));
  const inverse = byBoards
    ? inverseOf(boards, pins, system, settings, progress)
    : inverseOf(pins, boards, system, settings, progress);
  const row = byBoards ? rowsThroughBoards(topology, inverse, system, covered, settings) : rowsOfPins(inverse, covered);
  return sparseRows(pinCount, covered, row, settings, progress);
}

/** Nodes with edges, most first, ties by index. */
function byDegree(adjacency: Adjacency): Uint32Array {
  const nodes = Uint32Array.from({ length: adjacency.offsets.length - 1 }, (_, i) => i);
  return nodes
    .filter((i) => degree(adjacency, i) > 0)
    .sort((a, b) => degree(adjacency, b) - degree(adjacency, a) || a - b);
}

function describe(covered: Uint32Array, held: Uint32Array, pins: Adjacency, byBoards: boolean): string {
  if (covered.length === held.length)
    return `EASE covers all ${held.length} pins with boards${byBoards ? ', by way of the boards' : ''}`;
  const edges = covered.reduce((sum, pin) => sum + degree(pins, pin), 0);
  const share = Math.round((100 * edges) / pins.neighbours.length);
  return `EASE covers the ${covered.length} most popular of ${held.length} pins, with ${share}% of the edges`;
}

/** (Y Yᵀ + λ)⁻¹ where the rows of Y are `nodes` of one side and its columns the other side. */
function inverseOf(
  own: Adjacency,
  other: Adjacency,
  nodes: Uint32Array,
  { regularisation }: EaseOptions,
  progress: Progress,
): SymmetricBlocks {
  const rowOf = new Int32Array(own.offsets.length - 1).fill(-1);
  nodes.forEach((node, row) => (rowOf[node] = row));
  const system = symmetricBlocks(nodes.length);
  for (let row = 0; row < nodes.length; row++) {
    system.values[position(row, row)] += regularisation;
    for (const across of neighboursOf(own, nodes[row]))
      for (const node of neighboursOf(other, across))
        if (rowOf[node] >= 0 && rowOf[node] <= row) system.values[position(row, rowOf[node])]++;
  }
  invertInPlace(system, 'EASE', progress);
  return system;
}

/** Rows of P over the covered pins, and its diagonal. */
interface RowsOfP {
  readonly diagonal: Float32Array;
  /** Writes row `index`, one value for each covered pin. */
  row(index: number, out: Float32Array): void;
}

function rowsOfPins(inverse: SymmetricBlocks, covered: Uint32Array): RowsOfP {
  return {
    diagonal: Float32Array.from(covered, (_, i) => inverse.values[position(i, i)]),
    row: (index, out) => void symmetricRow(inverse, index, out),
  };
}

/** Every covered pin's row, from the boards' inverse M: (e − Xᵀ M x) / λ with x the pin's own boards. */
function rowsThroughBoards(
  { pins, boards }: Topology,
  inverse: SymmetricBlocks,
  system: Uint32Array,
  covered: Uint32Array,
  { regularisation }: EaseOptions,
): RowsOfP {
  const indexOf = new Uint32Array(pins.offsets.length - 1);
  covered.forEach((pin, index) => (indexOf[pin] = index));
  const rowOf = new Uint32Array(boards.offsets.length - 1);
  system.forEach((board, row) => (rowOf[board] = row));
  const weights = new Float64Array(system.length);
  const one = new Float32Array(system.length);
  const entry = (i: number, j: number): number => inverse.values[i >= j ? position(i, j) : position(j, i)];
  const diagonal = Float32Array.from(covered, (pin) => {
    const own = neighboursOf(pins, pin);
    let sum = 0;
    for (const a of own) for (const b of own) sum += entry(rowOf[a], rowOf[b]);
    return (1 - sum) / regularisation;
  });
  return {
    diagonal,
    row(index, out) {
      weights.fill(0);
      for (const board of neighboursOf(pins, covered[index])) {
        symmetricRow(inverse, rowOf[board], one);
        for (let b = 0; b < one.length; b++) weights[b] += one[b];
      }
      out.fill(0);
      for (let b = 0; b < system.length; b++)
        for (const pin of neighboursOf(boards, system[b])) out[indexOf[pin]] -= weights[b] / regularisation;
    },
  };
}

/** Rows of B, each cut to its largest entries; the neighbours of a row ascend. */
function sparseRows(
  pinCount: number,
  covered: Uint32Array,
  { diagonal, row }: RowsOfP,
  { neighbours: limit }: EaseOptions,
  progress: Progress,
): ItemNeighbours {
  const stage = progress.stage('EASE, pins', covered.length);
  const kept = Math.max(0, Math.min(limit, covered.length - 1));
  const offsets = sharedUint32(pinCount + 1);
  for (const pin of covered) offsets[pin + 1] = kept;
  for (let pin = 0; pin < pinCount; pin++) offsets[pin + 1] += offsets[pin];
  const neighbours = sharedUint32(offsets[pinCount]);
  const weights = sharedFloat32(offsets[pinCount]);
  const values = new Float32Array(covered.length);
  if (kept > 0)
    covered.forEach((pin, index) => {
      row(index, values);
      for (let i = 0; i < values.length; i++) values[i] /= -diagonal[i];
      values[index] = 0;
      let slot = offsets[pin];
      for (const i of largestSizes(values, index, kept)) {
        neighbours[slot] = covered[i];
        weights[slot++] = values[i];
      }
      stage.update(index);
    });
  stage.finish();
  return { offsets, neighbours, weights };
}

/** The places of the `count` values furthest from 0, ascending, ties by place; `own` is never among them. */
function largestSizes(values: Float32Array, own: number, count: number): number[] {
  const sizes = values.map(Math.abs);
  const threshold = nthLargest(sizes.slice(), count);
  let tied = count;
  for (const size of sizes) if (size > threshold) tied--;
  const places: number[] = [];
  for (let i = 0; i < sizes.length; i++)
    if (i !== own && (sizes[i] > threshold || (sizes[i] === threshold && tied-- > 0))) places.push(i);
  return places;
}
