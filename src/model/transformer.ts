import * as tf from '@tensorflow/tfjs-core';
import { selection, sparseFromRows, type SparseMatrix } from '../linear/sparse-matrix.js';
import type { BatchBoards } from '../sampling/minibatch.js';
import { attention, type TokenSet } from './attention.js';
import { attendInto, shareCount, type TokenRows } from './attention-rows.js';
import { type EncodedBatch, Encoder, type RowExchange, wholeRows } from './encoder.js';
import type { PinInputs } from './features.js';
import { type Block, boardRows, type LayerStep, outputRows, ownRows } from './layer-step.js';
import { affine, firstRows, normaliseRows, sum } from './operations.js';
import { adjacencyOf } from './sparse-product.js';

/** Names of rows between two steps of inference. */
const queryRows = 'query';
const selfMemory = 'self memory';
const pinMemory = 'pin memory';
const boardMemory = 'board memory';

type TokenKind = 'self' | 'pin' | 'board';

/**
 * OmniSage's aggregator (KDD 2025): one transformer layer over a pin and the pins and boards that restart walks from
 * it visit, board nodes with features of their own, read off at the CLS position. With H columns a token,
 * t = ReLU(P h0 + type), P and type of each kind of node, x = t_self + O · attention(Q t_self; K t, V t) + o,
 * y = (x + M2 · ReLU(M1 x + m1) + m2) / ‖·‖, and z = G2 · ReLU(G1 y + g) as after convolutions.
 *
 * Unlike the paper: only the CLS position is computed, for one layer's other positions reach no output, so a pin
 * costs one query over 1 + T + B tokens and not their square. CLS is the pin's own token, its learned vector part of
 * that token's type: a CLS apart from the pin would ask the same of everyone's neighbours in the only layer. ReLU,
 * and one vector brought to length 1 for the layer norms, are the operations of the convolutions. Visits count only
 * in which T pins and B boards are kept, 10 and 20 by default for the paper's 25 and 75; shares are learned.
 */
export class TransformerEncoder extends Encoder {
  /** t [rows, H] of nodes of a kind. */
  #token(kind: TokenKind, h0: tf.Tensor2D): tf.Tensor2D {
    const name = `token.${kind}`;
    return affine([this.inputTerm(h0, `${name}.weight`)], { bias: this.vector(`${name}.type`), rectified: true });
  }

  /** [rows, 2H] keys and values. */
  #memory(token: tf.Tensor2D): tf.Tensor2D {
    return affine([{ x: token, w: this.matrix('attention.memory') }]);
  }

  #query(token: tf.Tensor2D): tf.Tensor2D {
    return affine([{ x: token, w: this.matrix('attention.query') }]);
  }

  /** z of pins from their own tokens, what these attend to, and h0. */
  #vectors(self: tf.Tensor2D, attended: tf.Tensor2D, h0: tf.Tensor2D): tf.Tensor2D {
    const x = this.#residual(self, attended, 'attention.output');
    const inner = affine([{ x, w: this.matrix('mlp.1.weight') }], { bias: this.vector('mlp.1.bias'), rectified: true });
    return this.head(normaliseRows(this.#residual(x, inner, 'mlp.2')), h0);
  }

  #residual(x: tf.Tensor2D, added: tf.Tensor2D, name: string): tf.Tensor2D {
    return sum(x, affine([{ x: added, w: this.matrix(`${name}.weight`) }], { bias: this.vector(`${name}.bias`) }));
  }

  forward(batch: EncodedBatch, inputs: PinInputs, rows: RowExchange = wholeRows(batch, this.spec)): tf.Tensor2D {
    const {
      layers: [layer],
      boards,
    } = batch;
    const own = this.encode(inputs);
    const h0 = firstRows(own, layer.targets);
    const self = this.#token('self', h0);
    const sets: TokenSet[] = [
      { memory: this.#memory(self), attended: itself(layer.targets) },
      { memory: rows.all(this.#memory(this.#token('pin', own))), attended: adjacencyOf(layer) },
    ];
    if (boards && inputs.boards) {
      const memory = rows.all(this.#memory(this.#token('board', this.encode(inputs.boards))));
      sets.push({ memory, attended: boardsOf(boards, memory.shape[0]) });
    }
    return rows.all(this.#vectors(self, attention(this.#query(self), sets, this.spec.heads), h0));
  }

  /** Keys and values of every node once, then the attention of each pin, on the host, where they lie. */
  steps(inputs: PinInputs): LayerStep[] {
    const { hidden, dimension } = this.spec;
    const own = (kind: TokenKind, block: Block, rows = ownRows) => this.#token(kind, block.rows(rows));
    return [
      ...this.encodeSteps(inputs),
      {
        of: 'boards',
        writes: boardMemory,
        width: 2 * hidden,
        compute: (block) => this.#memory(own('board', block, boardRows)),
      },
      { of: 'pins', writes: pinMemory, width: 2 * hidden, compute: (block) => this.#memory(own('pin', block)) },
      { of: 'pins', writes: selfMemory, width: 2 * hidden, compute: (block) => this.#memory(own('self', block)) },
      { of: 'pins', writes: queryRows, width: hidden, compute: (block) => this.#query(own('self', block)) },
      {
        of: 'pins',
        writes: outputRows,
        width: dimension,
        compute: (block) => this.#vectors(own('self', block), this.#attended(block), block.rows(ownRows)),
      },
    ];
  }

  #attended(block: Block): tf.Tensor2D {
    const { width, values } = block.onHost(queryRows);
    const { heads } = this.spec;
    const rows = values.length / width;
    const sets: TokenRows[] = [
      { memory: block.onHost(selfMemory).values, attended: itself(rows) },
      { memory: block.all(pinMemory).values, attended: block.neighbours() },
      { memory: block.all(boardMemory).values, attended: block.boards() },
    ];
    const out = new Float32Array(values.length);
    attendInto(out, new Float32Array(shareCount(sets, heads)), { query: values, width, heads }, sets);
    return tf.tensor2d(out, [rows, width]);
  }
}

function itself(rows: number): SparseMatrix {
  return selection(
    Int32Array.from({ length: rows }, (_, row) => row),
    rows,
  );
}

function boardsOf({ indices, weights, neighbours }: BatchBoards, boards: number): SparseMatrix {
  return sparseFromRows(indices, weights, neighbours, boards);
}
