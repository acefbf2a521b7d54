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
  /** Whether the run goes on from the one in the folder. */
  readonly #resumed: boolean;
  #lastMade = performance.now();
  /** Where the run stood that is in the folder, and where at the one before it, of those saved here. */
  #last: Position | undefined;
  #previous: Position | undefined;

  /** One is due every so many `seconds`. */
  constructor(directory: string, { seconds, resumed }: { seconds: number; resumed: boolean }) {
    this.#directory = directory;
    this.#seconds = seconds;
    this.#resumed = resumed;
  }

  get due(): boolean {
    return performance.now() - this.#lastMade >= 1000 * this.#seconds;
  }

  /** Replaces the last one, which becomes the one before unless that is of the best epoch and the last not known to be good. */
  async save(checkpoint: Checkpoint): Promise<void> {
    const { position } = checkpoint;
    const keepsBest = this.#previous && isBest(this.#previous) && this.#last && !isProven(this.#last, position.steps);
    await saveCheckpoint(this.#directory, checkpoint, !keepsBest);
    if (!keepsBest) this.#previous = this.#last;
    this.#last = { ...position };
    this.#lastMade = performance.now();
  }

  /** Takes back the last one where the run diverged too soon after it. Gives the steps before the one left, if any is. */
  takeBack(stepsAtDivergence: number): number | undefined {
    // One that another run has left is not this one's to take back.
    if (!this.#resumed && !this.#last) return undefined;
    const last = checkpointPosition(this.#directory);
    if (last && !isProven(last, stepsAtDivergence)) takeBackCheckpoint(this.#directory);
    return checkpointPosition(this.#directory)?.steps;
  }
}

/** Whether a run stands at the end of its best epoch, by hidden edges: where none are hidden, the hit rate is 0. */
function isBest({ epoch, batch, bestEpoch, bestHitRate }: Position): boolean {
  return batch === 0 && bestEpoch === epoch - 1 && bestHitRate > 0;
}

/** Whether weights are known to be good: validation has found them better than any before, or training gone on for a while. */
function isProven(position: Position, stepsNow: number): boolean {
  return isBest(position) || stepsNow - position.steps >= judgedSteps;
}
