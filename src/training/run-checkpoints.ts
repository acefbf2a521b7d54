import { type Checkpoint, saveCheckpoint, takeBackCheckpoint } from './checkpoint.js';
import { judgedSteps } from './divergence.js';

/** The checkpoints that one run makes in its folder: when the next is due, and which of them is known to be good. */
export class RunCheckpoints {
  readonly #directory: string;
  readonly #seconds: number;
  /** After how many steps those on the disk were made, the last one first, two at most. */
  #made: readonly number[];
  #lastMade = performance.now();

  /** One is due every so many `seconds`. `resumed` is after how many steps the one was made that the run goes on from. */
  constructor(directory: string, { seconds, resumed }: { seconds: number; resumed: number | undefined }) {
    this.#directory = directory;
    this.#seconds = seconds;
    this.#made = resumed === undefined ? [] : [resumed];
  }

  get due(): boolean {
    return performance.now() - this.#lastMade >= 1000 * this.#seconds;
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    await saveCheckpoint(this.#directory, checkpoint);
    this.#made = [checkpoint.position.steps, ...this.#made.slice(0, 1)];
    this.#lastMade = performance.now();
  }

  /**
   * Takes back the last one where the run diverged too soon after it: weights are known to be good only when they have
   * been trained on for a while. Gives after how many steps the one was made that is left, if any is.
   */
  takeBack(stepsAtDivergence: number): number | undefined {
    const [last] = this.#made;
    if (last !== undefined && stepsAtDivergence - last < judgedSteps) {
      takeBackCheckpoint(this.#directory);
      this.#made = this.#made.slice(1);
    }
    return this.#made[0];
  }
}
