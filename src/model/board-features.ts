import type { Graph, Topology } from '../graph/graph.js';
import { multiplyInto, type SparseMatrix } from '../linear/sparse-matrix.js';
import { contentWidth, encodePins, type FeatureFit, type PinInputs } from './features.js';
import type { PinSageSpec } from './spec.js';

/** The inputs of all pins of a graph, and of its boards where the spec's aggregator reads them. */
export function encodeNodes(graph: Graph, { features, aggregator }: PinSageSpec, fit: FeatureFit): PinInputs {
  const pins = encodePins(graph, features, fit);
  if (aggregator !== 'transformer') return pins;
  return { ...pins, boards: boardInputs(graph.topology, pins, contentWidth(features, fit.features)) };
}

/** Pins whose trained rows of ids stand for a board at most, evenly spread over its pins. */
const pinsRead = 32;

/**
 * What a board's pins hold on average: their content, and the rows of their ids where pins have any. A board has no
 * row of its own, so that one which training never saw is read as well. Its pins' trained words are left out, for
 * reading them would cost hundreds of rows a board, and their latent text says the same; log degree stays at the mean.
 */
function boardInputs({ boards }: Topology, { dense, ids }: PinInputs, content: number): PinInputs['boards'] {
  const count = boards.offsets.length - 1;
  const { width } = dense;
  const values = new Float32Array(count * width);
  if (content > 0) {
    multiplyInto(values, meanOverPins(boards, dense.values.length / width), dense.values, width);
    for (let board = 0; board < count; board++) values.fill(0, board * width + content, (board + 1) * width);
  }
  return {
    pins: count,
    dense: { width, values },
    text: undefined,
    ids: ids && meanOfIds(boards, ids),
  };
}

/** [boards, pins] */
function meanOverPins({ offsets, neighbours }: Topology['boards'], pins: number): SparseMatrix {
  const boards = offsets.length - 1;
  const values = new Float32Array(neighbours.length);
  for (let board = 0; board < boards; board++)
    values.fill(1 / (offsets[board + 1] - offsets[board]), offsets[board], offsets[board + 1]);
  return { shape: [boards, pins], offsets: signed(offsets), columns: signed(neighbours), values };
}

/** Unsigned indices as signed ones over the same bytes: all are below 2^31. */
function signed({ buffer, byteOffset, length }: Uint32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}

/** [boards, rows of the id table] */
function meanOfIds({ offsets, neighbours }: Topology['boards'], ids: SparseMatrix): SparseMatrix {
  const boards = offsets.length - 1;
  const ends = new Int32Array(boards + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let board = 0; board < boards; board++) {
    const size = offsets[board + 1] - offsets[board];
    const read = Math.min(size, pinsRead);
    for (let i = 0; i < read; i++) {
      const pin = neighbours[offsets[board] + Math.floor((i * size) / read)];
      for (let e = ids.offsets[pin]; e < ids.offsets[pin + 1]; e++) {
        if (ids.values[e] === 0) continue;
        columns.push(ids.columns[e]);
        values.push(ids.values[e] / read);
      }
    }
    ends[board + 1] = columns.length;
  }
  return {
    shape: [boards, ids.shape[1]],
    offsets: ends,
    columns: Int32Array.from(columns),
    values: Float32Array.from(values),
  };
}
