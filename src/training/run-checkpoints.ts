import {
  type Checkpoint,
  checkpointPosition,
  type Position,
  saveCheckpoint,
  takeBackCheckpoint,
} from './checkpoint.js';
import { judgedSteps } from './divergence.js';

/** The checkpoints that one run makes in its folder: when the next is due, and which of them is known to be good. */
export class RunCheckpoints {
  readonly #directory: string;
  readonly #seconds: number;
  /** Whether the one in the folder is this run's. */
  #isOwn: boolean;
  #lastMade = performance.now();

  /** One is due every so many `seconds`. */
  constructor(directory: string, { seconds, resumed }: { seconds: number; resumed: boolean }) {
    this.#directory = directory;
    this.#seconds = seconds;
    this.#isOwn = resumed;
  }

  get due(): boolean {
    return performance.now() - this.#lastMade >= 1000 * this.#seconds;
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    await saveCheckpoint(this.#directory, checkpoint);
    this.#isOwn = true;
    this.#lastMade = performance.now();
  }

  /**
   * Takes back the last one where the run diverged too soon after it: weights are known to be good only when validation
   * has found them better than any before, or they have been trained on for a while. Gives after how many steps the one
   * was made that is left, if any is.
   */
  takeBack(stepsAtDivergence: number): number | undefined {
    if (!this.#isOwn) return undefined;
    const last = checkpointPosition(this.#directory);
    if (last && !isValidated(last) && stepsAtDivergence - last.steps < judgedSteps) takeBackCheckpoint(this.#directory);
    return checkpointPosition(this.#directory)?.steps;
  }
}

/** Whether a run stands at the end of its best epoch, by hidden edges: where none are hidden, the hit rate is 0. */
function isValidated({ epoch, batch, bestEpoch, bestHitRate }: Position): boolean {
  return batch === 0 && bestEpoch === epoch - 1 && bestHitRate > 0;
}
