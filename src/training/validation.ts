import * as tf from '@tensorflow/tfjs-core';
import { type EdgeList, pinsByBoard } from '../graph/adjacency.js';
import { type Graph, neighboursOf } from '../graph/graph.js';
import { random, shuffle } from '../random.js';

/** A board's known pins and the pins that were held out from it. */
export interface ValidationBoard {
  readonly known: Uint32Array;
  readonly hidden: readonly number[];
}

/** Boards judged at most: each costs a product with the whole catalogue. */
const boardLimit = 2000;
const boardStream = 0x7661;

/** The boards to judge on: those with both known and hidden pins, at most `boardLimit`, drawn by the seed. */
export function validationBoards(graph: Graph, validation: EdgeList, seed: number): ValidationBoard[] {
  const hidden = pinsByBoard(validation);
  const eligible = Uint32Array.from(hidden.keys()).filter(
    (board) => neighboursOf(graph.topology.boards, board).length > 0,
  );
  return Array.from(shuffle(eligible, random(boardStream, seed)).subarray(0, boardLimit), (board) => ({
    known: neighboursOf(graph.topology.boards, board),
    hidden: hidden.get(board) ?? [],
  }));
}

const boardsPerBlock = 128;

/** A board's query: the mean of its known pins' vectors. */
function meanOfKnown(known: Uint32Array, vectors: Float32Array, into: Float32Array): void {
  const dimension = into.length;
  for (const pin of known) for (let i = 0; i < dimension; i++) into[i] += vectors[pin * dimension + i] / known.length;
}

/**
 * The share of all held-out pins that are among the `rank` best-scored pins of the catalogue for their board, its known
 * pins left out; the training log's `hit_rate`. Pins that score equal with a held-out pin count as better, so that
 * vectors which all coincide score nothing.
 */
export async function heldOutRecall(
  rank: number,
  boards: readonly ValidationBoard[],
  vectors: Float32Array,
  dimension: number,
): Promise<number> {
  const pins = vectors.length / dimension;
  const catalogue = tf.tidy(() => tf.transpose(tf.tensor2d(vectors, [pins, dimension])));
  let hits = 0;
  let total = 0;
  for (let from = 0; from < boards.length; from += boardsPerBlock) {
    const block = boards.slice(from, from + boardsPerBlock);
    const queries = new Float32Array(block.length * dimension);
    block.forEach(({ known }, row) =>
      meanOfKnown(known, vectors, queries.subarray(row * dimension, (row + 1) * dimension)),
    );
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(queries, [block.length, dimension]), catalogue));
    const scores = (await product.data()) as Float32Array;
    product.dispose();
    block.forEach(({ known, hidden }, row) => {
      const own = scores.subarray(row * pins, (row + 1) * pins);
      for (const pin of known) own[pin] = Number.NEGATIVE_INFINITY;
      for (const pin of hidden) {
        let better = -1;
        for (let other = 0; other < pins; other++) if (own[other] >= own[pin]) better++;
        if (better < rank) hits++;
        total++;
      }
    });
  }
  catalogue.dispose();
  return total > 0 ? hits / total : 0;
}
