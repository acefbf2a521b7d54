import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BoardwalkError } from '../../errors.js';
import { realPath } from '../../data/real-path.js';
import { syncDirectory } from '../../data/whole-directory.js';
import { frame, readSegment, segmentHeader, segmentHeaderBytes } from './segment-file.js';

/** A segment is read whole at replay, and its lengths have 32 bits. */
const segmentBytes = 1 << 26;

/** While what was written is applied, other work waits no longer than this. */
const sliceMilliseconds = 8;

/**
 * Where the delta of a graph directory lies: beside it, for compaction replaces the graph directory itself. By whatever
 * links a graph is named, it has one delta. @throws BoardwalkError `mismatch` where changes lie beside a link to it
 */
export function deltaDirectory(graph: string): string {
  const log = `${realPath(graph)}.delta`;
  const beside = `${resolve(graph)}.delta`;
  if (realPath(beside) !== log && existsSync(beside)) refuseStray(beside, log);
  return log;
}

/** An older version kept the log beside the link by which a graph was named. */
function refuseStray(beside: string, log: string): void {
  if (segmentsOf(beside).every(({ number, path }) => readSegment(path, number).payloads.length === 0)) return;
  throw new BoardwalkError(
    'mismatch',
    `${beside} has changes and lies beside a link: the log of the graph that this leads to is ${log}. If they were made to ` +
      `that graph, move the files of ${beside} there, where none may be yet; if they are not needed, delete ${beside}.`,
    { file: beside },
  );
}

const fileOf = (number: number): string => `${String(number).padStart(8, '0')}.log`;

/** The segments of a delta, oldest first. */
export function segmentsOf(directory: string): { number: number; path: string }[] {
  return readdirSync(directory)
    .filter((name) => /^\d{8,}\.log$/.test(name))
    .map((name) => ({ number: Number.parseInt(name, 10), path: join(directory, name) }))
    .sort((a, b) => a.number - b.number);
}

/**
 * The records of segments `after` … `through`, in order, by segment. What a crash left at the end of the
 * last one is skipped, and cut off where `cut` is set.
 * @throws BoardwalkError `checksum` for any other damage, `mismatch` where records go on from what is missing
 */
export function* readSegments(
  directory: string,
  { after, through = Infinity, cut = false }: { after: number; through?: number; cut?: boolean },
): Generator<{ number: number; path: string; payloads: readonly Uint8Array[] }> {
  const segments = segmentsOf(directory);
  const last = segments.at(-1)?.number;
  let missing: number | undefined;
  for (const { number, path } of segments) {
    if (number <= after || number > through) continue;
    const { previous, payloads, length, torn } = readSegment(path, number);
    if (previous > after && !segments.some((segment) => segment.number === previous)) missing ??= previous;
    if (missing !== undefined && payloads.length > 0)
      throw new BoardwalkError(
        'mismatch',
        `${path} goes on from segment ${missing}, which is neither in ${directory} nor in the graph: restore what is ` +
          'missing, or a newer graph. If the graph was built anew on purpose, delete the log; its changes are then lost.',
        { file: path },
      );
    if (torn && number !== last && length > 0)
      throw new BoardwalkError('checksum', `${path} is damaged at byte ${length}. Restore it from a copy.`, {
        file: path,
      });
    if (torn && cut) {
      truncateSync(path, length);
      syncFile(path);
    }
    yield { number, path, payloads };
  }
}

/** Batches of changes in a log that a base does not have in it. */
export function countChanges(directory: string, after: number): number {
  let changes = 0;
  for (const { payloads } of readSegments(directory, { after })) changes += payloads.length;
  return changes;
}

/** Deletes the segments that a base has in it, or all of a log without changes. */
export function dropSegments(directory: string, through: number): void {
  for (const { number, path } of segmentsOf(directory)) if (number <= through) rmSync(path);
  syncDirectory(directory);
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

interface Entry {
  /** The segment that it goes to. */
  readonly segment: number;
  /** Absent where a segment only has to begin. */
  readonly payload?: Uint8Array;
  readonly durable: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * The end of the log, to which one process appends. Appends that wait are written and forced to the disk
 * together, then told so in their order: whatever a caller was told is on the disk.
 */
export class DeltaLog {
  readonly #directory: string;
  /** The segment that was begun last, by whomever. */
  #last: number;
  #file: FileHandle | undefined;
  /** The segment that `#file` is; 0 for none. */
  #open = 0;
  /** Bytes of that segment that are on the disk. */
  #durable = 0;
  /** The segment that the next append goes to. */
  #segment: number;
  /** Bytes of that one, those that wait included. */
  #bytes = segmentHeaderBytes;
  #waiting: Entry[] = [];
  #running: Promise<void> | undefined;
  #refusal: Error | undefined;

  /** Begins a segment numbered above all that there are and above `after`. */
  constructor(directory: string, after: number) {
    this.#directory = directory;
    this.#last = Math.max(after, segmentsOf(directory).at(-1)?.number ?? 0);
    this.#segment = this.#last + 1;
  }

  /** The segment that the next append goes to: a record may use the ids that this segment has told. */
  get segment(): number {
    return this.#segment;
  }

  /** Whether that segment is long enough, so that another should begin. */
  get full(): boolean {
    return this.#bytes >= segmentBytes;
  }

  /** Resolves once the record is on the disk and `durable` has run; records do so in the order of the calls. */
  append<T>(payload: Uint8Array, durable: () => T): Promise<T> {
    this.#bytes += payload.length;
    return this.#push(payload, durable);
  }

  /**
   * Lets later appends go to a new segment; `sealed` is told the number of the one before when that is durable,
   * before any later record is.
   */
  rotate(sealed: (segment: number) => void = () => {}): Promise<void> {
    const last = this.#segment++;
    this.#bytes = segmentHeaderBytes;
    return this.#push(undefined, () => sealed(last));
  }

  /** Waits for what was appended and seals the segment, so that later damage to its end can be told from a crash. */
  async close(): Promise<void> {
    // Without the seal, the segment ends as after a crash.
    if (this.#open === this.#segment || this.#waiting.length > 0)
      await this.#push(new Uint8Array(0), () => {}).catch(() => {});
    this.#refusal ??= new BoardwalkError('interrupted', 'The delta log is closed.');
    await this.#running;
    await this.#file?.close();
    this.#file = undefined;
  }

  #push<T>(payload: Uint8Array | undefined, durable: () => T): Promise<T> {
    return new Promise<T>((done, failed) => {
      if (this.#refusal) {
        failed(this.#refusal);
        return;
      }
      const settle = (): void => {
        try {
          done(durable());
        } catch (error) {
          failed(error as Error);
        }
      };
      this.#waiting.push({ segment: this.#segment, payload, durable: settle, failed });
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { segment } = this.#waiting[0];
      const next = this.#waiting.findIndex((entry) => entry.segment !== segment);
      const entries = this.#waiting.slice(0, next < 0 ? undefined : next);
      try {
        if (this.#open !== segment) await this.#begin(segment);
        await this.#write(entries.flatMap(({ payload }) => payload ?? []));
      } catch (error) {
        await this.#fail(error as Error);
        continue;
      }
      this.#waiting.splice(0, entries.length);
      await settleInSlices(entries);
    }
  }

  async #begin(segment: number): Promise<void> {
    this.#open = 0;
    await this.#file?.close();
    const path = join(this.#directory, fileOf(segment));
    this.#file = await open(path, 'w');
    this.#durable = 0;
    try {
      await this.#put(segmentHeader(segment, this.#last));
    } catch (error) {
      rmSync(path);
      throw error;
    }
    syncDirectory(this.#directory);
    this.#open = segment;
    this.#last = segment;
  }

  async #write(payloads: readonly Uint8Array[]): Promise<void> {
    if (payloads.length === 0) return;
    await this.#put(Buffer.concat(payloads.map((payload) => frame(payload, this.#durable))));
  }

  /** Appends to the segment and forces it to the disk. */
  async #put(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await this.#file!.write(bytes, at, bytes.length - at, this.#durable + at);
      at += bytesWritten;
    }
    await this.#file!.datasync();
    this.#durable += bytes.length;
  }

  /**
   * Refuses all that waits, for its codes may rest on what was not written, and cuts that off again. Later
   * appends go to a new segment; where even the cut fails, nothing is taken any more.
   */
  async #fail(cause: Error): Promise<void> {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
    const error = new BoardwalkError(
      'delta_failed',
      `${this.#directory} cannot be written${full ? ': the disk is full' : ` (${cause.message})`}. ` +
        'Nothing accepted is lost; what was refused can be sent again once there is room.',
      { file: this.#directory },
      { cause },
    );
    this.#segment++;
    this.#bytes = segmentHeaderBytes;
    const refused = this.#waiting.splice(0);
    try {
      if (this.#open > 0) {
        await this.#file!.truncate(this.#durable);
        await this.#file!.datasync();
      }
      this.#open = 0;
    } catch {
      this.#refusal = error;
    }
    for (const { failed } of refused) failed(error);
  }
}

/** Runs what waited for durability, letting other work in between. */
async function settleInSlices(entries: readonly Entry[]): Promise<void> {
  let until = performance.now() + sliceMilliseconds;
  for (const { durable } of entries) {
    durable();
    if (performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + sliceMilliseconds;
  }
}
