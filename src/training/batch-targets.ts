import { holds } from '../graph/ascending.js';
import type { Topology } from '../graph/graph.js';
import type { BatchTargets } from '../model/contrast.js';
import type { PinSageSpec } from '../model/spec.js';
import { type MiniBatch, ownPins } from '../sampling/minibatch.js';
import { cumulativeChances } from '../sampling/negatives.js';
import { positivesExpected } from './board-pairs.js';

/** [pins] chances of being one random negative, and one random positive. */
export interface NegativeChances {
  readonly random: Float64Array;
  readonly positive: Float64Array;
}

export function negativeChances(topology: Topology, spec: PinSageSpec): NegativeChances {
  const running = cumulativeChances(topology.pins, spec.negativeDistribution);
  const total = running[running.length - 1];
  const positive = positivesExpected(topology, spec.pinsPerBoard);
  const positives = positive.reduce((sum, each) => sum + each, 0);
  return {
    random: Float64Array.from(running, (end, pin) => (end - (pin > 0 ? running[pin - 1] : 0)) / total),
    positive: positive.map((each) => each / positives),
  };
}

/** Below this often, a pin's correction stays the same: it keeps logarithms finite. */
const rarest = 1e-6;

/** What the loss must know of one batch; `boards` are those of its pairs. */
export function batchTargets(
  { pins }: Topology,
  spec: PinSageSpec,
  chances: NegativeChances,
  boards: Uint32Array,
  batch: MiniBatch,
): BatchTargets {
  const targets = batch.nodes.subarray(0, ownPins(batch));
  const inBatch = spec.inBatchNegatives ? batch.positives.length : 0;
  return {
    boards,
    logExpected: Float32Array.from(targets, (pin) =>
      Math.log(batch.negatives.length * chances.random[pin] + inBatch * chances.positive[pin] + rarest),
    ),
    isOnBoard: (position, board) => {
      const pin = targets[position];
      return holds(pins.neighbours, board, pins.offsets[pin], pins.offsets[pin + 1]);
    },
  };
}
