/**
 * One convolution's share of a minibatch. Its targets are the first `targets` rows of its sources, so a
 * target's own vector needs no look-up.
 */
export interface BatchLayer {
  readonly targets: number;
  readonly sources: number;
  /** T. */
  readonly neighbours: number;
  /** [targets, T] rows of the sources; padded with 0. */
  readonly indices: Int32Array;
  /** [targets, T] importance weights; padded with 0. */
  readonly weights: Float32Array;
}

/** The boards that a minibatch's pins have as neighbours. */
export interface BatchBoards {
  /** Unique boards whose input features are read; one at least, so that no matrix is empty. */
  readonly nodes: Uint32Array;
  /** B. */
  readonly neighbours: number;
  /** [targets, B] positions among the boards; padded with 0. */
  readonly indices: Int32Array;
  /** [targets, B] importance weights; padded with 0. */
  readonly weights: Float32Array;
}

/**
 * The only type between sampling and training. Positions point into the batch's own pins, its unique query,
 * positive and negative ones: the last layer's targets.
 */
export interface MiniBatch {
  readonly epoch: number;
  /** From 0, among the batches of its loader; among those of its epoch where the trainer gets it. */
  readonly index: number;
  /** [B] positions. */
  readonly queries: Int32Array;
  /** [B] positions. */
  readonly positives: Int32Array;
  /** [N] positions of the negatives that the whole batch shares. */
  readonly negatives: Int32Array;
  /** Positions of the pins whose mean stands for each pair's query; where absent, the query pin does. */
  readonly companions?: { readonly offsets: Int32Array; readonly positions: Int32Array };
  /** [B, H] positions; H hard negatives for each query, 0 in early epochs. */
  readonly hardNegatives: Int32Array;
  /** Unique pins whose input features the first layer reads; each layer's targets are a prefix of it. */
  readonly nodes: Uint32Array;
  /** First convolution first. Their rows may be views of one memory. */
  readonly layers: readonly BatchLayer[];
  /** Boards around the last layer's targets, where the neighbourhoods hold any. */
  readonly boards?: BatchBoards;
}

/** How many of a batch's nodes are its own: they come first, and are all of them where no layer reads others. */
export function ownPins({ layers, nodes }: Pick<MiniBatch, 'layers' | 'nodes'>): number {
  return layers.at(-1)?.targets ?? nodes.length;
}

/** The memory that a batch lies in, each buffer once: what to transfer from thread to thread. */
export function batchBuffers(batch: MiniBatch): ArrayBuffer[] {
  const arrays = [batch.queries, batch.positives, batch.negatives, batch.hardNegatives, batch.nodes];
  if (batch.companions) arrays.push(batch.companions.offsets, batch.companions.positions);
  const rows = batch.layers.flatMap((layer) => [layer.indices, layer.weights]);
  const boards = batch.boards ? [batch.boards.nodes, batch.boards.indices, batch.boards.weights] : [];
  return [...new Set([...arrays, ...rows, ...boards].map((array) => array.buffer as ArrayBuffer))];
}
