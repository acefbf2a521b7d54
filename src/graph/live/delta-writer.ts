import type { Side } from '../graph.js';
import { type Change, changeOf } from './change.js';
import type { DeltaLog } from './delta-log.js';
import { encodeOperation } from './operation-codec.js';
import type { Operation } from './operation.js';
import { type Registers, type SegmentDictionary, segmentDictionary } from './segment-dictionary.js';

/** Puts operations into the log, and tells them as changes once they are on the disk. */
export class DeltaWriter {
  readonly #log: DeltaLog;
  readonly #registers: Registers;
  readonly #apply: (change: Change) => number;
  #segment = 0;
  /** What each segment has told that has records on their way, the one that is appended to first. */
  #told: SegmentDictionary[] = [];

  /** `apply` gives the number of edges or nodes that a change made or took away. */
  constructor(log: DeltaLog, registers: Registers, apply: (change: Change) => number) {
    this.#log = log;
    this.#registers = registers;
    this.#apply = apply;
  }

  /** Ids in records on their way to the disk that no node bears yet. */
  unborn(side: Side): number {
    return this.#told.reduce((sum, told) => sum + told[side].unborn, 0);
  }

  /** Resolves to what `apply` gave, when the operation is on the disk and applied; in the order of the calls. */
  async send(make: (told: SegmentDictionary) => Operation): Promise<number> {
    // Whoever waits for the records of the new segment learns where it cannot begin.
    if (this.#log.full) this.#log.rotate().catch(() => {});
    if (this.#log.segment !== this.#segment) {
      this.#segment = this.#log.segment;
      const busy = this.#told.filter(({ pins, boards }) => pins.unborn + boards.unborn > 0);
      this.#told = [segmentDictionary(this.#registers), ...busy];
    }
    const [told] = this.#told;
    const segment = this.#segment;
    const operation = make(told);
    if (operation.kind === 'describe') told[operation.side].expect(operation.ids);
    try {
      return await this.#log.append(encodeOperation(operation), () =>
        this.#apply(changeOf(operation, this.#registers, told)),
      );
    } catch (error) {
      // A segment that could not be written takes no more records, and what it told is never born.
      if (this.#log.segment !== segment) this.#told = this.#told.filter((other) => other !== told);
      throw error;
    }
  }

  /** Lets later operations go to a new segment; `sealed` is told the last one's number before any of them is applied. */
  seal(sealed: (segment: number) => void): Promise<void> {
    return this.#log.rotate(sealed);
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
