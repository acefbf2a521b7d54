import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWholeFile } from '../data/whole-file.js';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { PinInputs } from '../model/features.js';
import type { Weights } from '../model/weights.js';
import { checkpointPath } from './checkpoint.js';
import type { BoardBatch } from './epoch-batches.js';

/** Where a batch is written at which training diverged. */
export function divergedBatchPath(directory: string): string {
  return join(directory, 'diverged-batch.json');
}

export interface DivergedStep {
  readonly step: number;
  readonly epoch: number;
  /** From 1, within the epoch. */
  readonly batch: number;
  /** The end of a sentence. */
  readonly how: string;
}

/** The batch at which training diverged, and what came of it. */
export interface DivergedBatch extends BoardBatch {
  readonly learningRate: number;
  readonly inputs: PinInputs;
  /** After the step. */
  readonly weights: Weights;
  readonly step: DivergedStep;
}

/**
 * Writes a batch as JSON in the user's ids, with the inputs' largest value of each pin and the weights' after
 * the step: what is not finite, or far larger than the rest, is null or stands out.
 */
export async function saveDivergedBatch(
  directory: string,
  graph: Graph,
  { batch, boards, learningRate, inputs, weights, step }: DivergedBatch,
): Promise<string> {
  const pin = (position: number): string => graph.pins.id(batch.nodes[position]);
  const ids = (positions: Int32Array): string[] => Array.from(positions, pin);
  const hard = batch.hardNegatives.length / batch.queries.length;
  const { width, values } = inputs.dense;
  const content = {
    ...step,
    learning_rate: learningRate,
    largest_weights: Object.fromEntries(Array.from(weights, ([name, weight]) => [name, largest(weight.values)])),
    pairs: Array.from(boards, (board, row) => ({
      board_id: graph.boards.id(board),
      query_pin_id: pin(batch.queries[row]),
      pin_id: pin(batch.positives[row]),
      ...(hard > 0 && { hard_negatives: ids(batch.hardNegatives.subarray(row * hard, (row + 1) * hard)) }),
    })),
    negatives: ids(batch.negatives),
    inputs: Array.from(batch.nodes, (node, row) => ({
      pin_id: graph.pins.id(node),
      largest: largest(values.subarray(row * width, (row + 1) * width)),
    })),
  };
  const path = divergedBatchPath(directory);
  await writeWholeFile(path, (temporary) => writeFile(temporary, `${JSON.stringify(content, null, 1)}\n`));
  return path;
}

/** The largest size of a value; NaN, which JSON writes as null, where one is no number. */
function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) {
    if (Number.isNaN(value)) return value;
    most = Math.max(most, Math.abs(value));
  }
  return most;
}

/** The part of a run that diverged. */
export interface DivergedPart {
  /** Where its learning rate stands in a spec. */
  readonly field: string;
  /** What it is there: a stage may train at a share of it. */
  readonly learningRate: number;
  /** The folder of the whole run. */
  readonly directory: string;
}

export function divergedError(
  { step, epoch, batch, how }: DivergedStep,
  batchPath: string | undefined,
  checkpoint: { directory: string; step: number } | undefined,
  { field, learningRate, directory }: DivergedPart,
): BoardwalkError {
  const kept = checkpoint
    ? `The last good weights, of step ${checkpoint.step}, are in ${checkpointPath(checkpoint.directory)}: ` +
      `train --from ${directory} goes on from ${directory === checkpoint.directory ? 'them' : 'what was trained before'}.`
    : 'No weights had been kept yet.';
  return new BoardwalkError(
    'diverged',
    `Training diverged at step ${step} (epoch ${epoch}, batch ${batch}): ${how}. ` +
      `${batchPath ? `The batch is in ${batchPath}. ` : ''}${kept} Lower ${field}, now ${learningRate}.`,
    { field, file: batchPath },
  );
}
