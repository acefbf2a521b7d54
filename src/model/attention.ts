import * as tf from '@tensorflow/tfjs-core';
import type { SparseMatrix } from '../linear/sparse-matrix.js';
import { attendInto, attendSlopesInto, shareCount } from './attention-rows.js';
import { stockAttention, stockAttentionSlopes } from './stock-attention.js';
import { heapTensor, heapView, emptyHeapTensor } from './arithmetic/wasm-heap.js';
import { differentiable } from './differentiable.js';

/** Tokens that queries may attend to. */
export interface TokenSet {
  /** [tokens, 2 · width]: a token's key, then its value. */
  readonly memory: tf.Tensor2D;
  /** [queries, tokens] Entries above 0 are attended to, whatever their size; rows of one length, padded with 0. */
  readonly attended: SparseMatrix;
}

/**
 * Multi-head attention of queries [queries, width], each over tokens of its own from several sets, all in one
 * softmax: Σ share · value, share = softmax(query · key / √(width / heads)). Differentiable in the queries and in
 * the sets' memory. O(attended tokens · width), and no array of all their rows where wasm computes.
 */
export function attention(query: tf.Tensor2D, sets: readonly TokenSet[], heads: number): tf.Tensor2D {
  const attended = sets.map((set) => set.attended);
  const { forward, backward } = tf.getBackend() === 'wasm' ? onWasmHeap : withStockOperations;
  return differentiable([query, ...sets.map(({ memory }) => memory)], (queries, ...memories) => {
    const { value, shares } = forward(queries, memories, attended, heads);
    return {
      value,
      saved: [queries, shares as tf.Tensor2D, ...memories],
      gradient: (dy, [keptQueries, keptShares, ...kept]) =>
        backward(dy, keptShares, keptQueries, kept, attended, heads),
    };
  });
}

interface Kernels {
  forward(
    query: tf.Tensor2D,
    memories: readonly tf.Tensor2D[],
    attended: readonly SparseMatrix[],
    heads: number,
  ): { value: tf.Tensor2D; shares: tf.Tensor };
  /** The gradient of the queries, then of each set's memory. */
  backward(
    dy: tf.Tensor2D,
    shares: tf.Tensor,
    query: tf.Tensor2D,
    memories: readonly tf.Tensor2D[],
    attended: readonly SparseMatrix[],
    heads: number,
  ): tf.Tensor2D[];
}

/** Views of the heap, taken after the allocations, which may move it. */
const setsOnHeap = (memories: readonly tf.Tensor2D[], attended: readonly SparseMatrix[]) =>
  memories.map((memory, set) => ({ memory: heapView(memory), attended: attended[set] }));

const onWasmHeap: Kernels = {
  forward(query, memories, attended, heads) {
    const value = emptyHeapTensor<tf.Tensor2D>(query.shape);
    const length = shareCount(
      attended.map((each) => ({ attended: each })),
      heads,
    );
    const shares = heapTensor([length], (values) => values.fill(0));
    attendInto(
      heapView(value),
      heapView(shares),
      { query: heapView(query), width: query.shape[1], heads },
      setsOnHeap(memories, attended),
    );
    return { value, shares };
  },
  backward(dy, shares, query, memories, attended, heads) {
    const querySlopes = emptyHeapTensor<tf.Tensor2D>(query.shape);
    const slopes = memories.map(({ shape }) => heapTensor(shape, (values) => values.fill(0)) as tf.Tensor2D);
    attendSlopesInto(
      heapView(querySlopes),
      slopes.map(heapView),
      heapView(dy),
      heapView(shares),
      { query: heapView(query), width: query.shape[1], heads },
      setsOnHeap(memories, attended),
    );
    return [querySlopes, ...slopes];
  },
};

const withStockOperations: Kernels = { forward: stockAttention, backward: stockAttentionSlopes };
