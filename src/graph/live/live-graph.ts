import { setImmediate } from 'node:timers/promises';
import { BoardwalkError } from '../../errors.js';
import { type Graph, type Side, sides } from '../graph.js';
import type { GraphNow } from '../graph-view.js';
import { assertUnreplaced, readManifest } from '../manifest.js';
import { baseNow } from './base-now.js';
import {
  checkEdges,
  describeOperation,
  type EdgeBatch,
  edgeOperation,
  type NodeRow,
  removeOperation,
} from './batches.js';
import type { Change } from './change.js';
import { compactInThread } from './compaction-thread.js';
import { deltaDirectory, DeltaLog, dropSegments } from './delta-log.js';
import { DeltaWriter } from './delta-writer.js';
import { foldedInPlace } from './folded-edges.js';
import { Generation, type Placement } from './generation.js';
import { liveMemory, type Room, roomFor } from './live-memory.js';
import { type LiveView, viewOf } from './live-view.js';
import { readDelta } from './replay.js';
import type { Registers } from './segment-dictionary.js';

export interface LiveGraphOptions {
  /** Begin a compaction once less than this share of the room is left; 0 leaves that to `compact`. */
  compactBelow: number;
  /** Room to grow by; sized by the graph where left out. */
  room: Partial<Room>;
  /** Told when a compaction that began by itself fails; writing goes on. */
  onCompactionFailure: (error: Error) => void;
}

export const liveGraphDefaults: LiveGraphOptions = { compactBelow: 0.25, room: {}, onCompactionFailure: () => {} };

/** What became of a batch. */
export interface Accepted {
  /** Edges that this batch made or took away, or nodes that it made, described otherwise or took away. */
  changed: number;
}

/** Edges in one record: between two, other work gets its turn. */
const recordEdges = 8_192;

/** Cells that records on their way may need: edges are refused when fewer are left. */
const leastRoom = 32 * recordEdges;

/** Applying waiting changes to a new memory holds up other work this long at most. */
const sliceMilliseconds = 8;

const retryMilliseconds = 60_000;

/**
 * A graph directory that takes new pins, boards and edges, and deletions, while it is walked. Whoever is
 * told that a batch is accepted finds it in the log, on the disk, and in the memory that walks read, in
 * every thread. One process writes; it hands `view.topology` to as many walking threads as it likes.
 */
export class LiveGraph {
  readonly directory: string;
  /** The base as it was opened, with what its nodes are by now, whatever compactions there have been since. */
  readonly baseNow: GraphNow;
  readonly #options: LiveGraphOptions;
  readonly #registers: Registers;
  readonly #writer: DeltaWriter;
  readonly #unlock: () => void;
  readonly #listeners = new Set<(view: LiveView) => void>();
  #generation: Generation;
  #view: LiveView;
  #wholeRoom: number;
  /** Changes since a compaction began, for the memory that it makes. */
  #since: Change[] | undefined;
  #compaction: Promise<void> | undefined;
  /** When a compaction may begin by itself again, after one that failed. */
  #retryAt = 0;

  /** See `openLiveGraph`. `unlock` is called when this process stops being the one that writes. */
  constructor(directory: string, base: Graph, options: LiveGraphOptions, unlock: () => void) {
    this.directory = directory;
    this.#options = options;
    this.#unlock = unlock;
    const path = deltaDirectory(directory);
    const after = readManifest(directory).provenance.compacted ?? 0;
    const delta = readDelta(path, base, { after, cut: true });
    // A run that was killed when it had just put a new base in place left what that has in it; and a log without changes
    // may go on from another graph's, which this one has taken the place of.
    dropSegments(path, delta.changes > 0 ? after : Infinity);
    const { topology, placements } = foldedInPlace(base.topology, delta);
    this.#registers = delta.registers;
    this.#generation = new Generation(
      liveMemory(topology, { ...roomFor(topology), ...options.room }),
      delta.registers,
      placements,
    );
    this.#view = viewOf(this.#generation, base.id);
    this.baseNow = baseNow(delta.registers, () => this.#generation);
    this.#wholeRoom = this.#generation.room;
    this.#writer = new DeltaWriter(new DeltaLog(path, after), delta.registers, (change) => this.#apply(change));
  }

  /** The graph at this moment, in the numbering of this moment: hold on to one for all of a request. */
  get view(): LiveView {
    return this.#view;
  }

  get edges(): number {
    return this.#generation.edges;
  }

  /** Calls `listener` after each compaction, with the view that takes the former's place; gives a function that ends that. */
  onCompaction(listener: (view: LiveView) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Adds edges, with their ends where those are new. An edge that is there keeps its earliest time and its
   * largest weight. Resolves when all are on the disk and walked; where room ran out on the way, they are
   * walked when the next compaction is done. A batch of more than 8,192 may have been taken in part when it
   * fails; it can be sent again.
   */
  addEdges(batch: EdgeBatch): Promise<Accepted> {
    return this.#edges('add_edges', batch);
  }

  /** Removes edges; their pins and boards stay. */
  removeEdges(batch: EdgeBatch): Promise<Accepted> {
    return this.#edges('remove_edges', batch);
  }

  /** Adds pins, or sets attributes of those that there are. */
  addPins(rows: readonly NodeRow[]): Promise<Accepted> {
    return this.#addNodes('pins', rows);
  }

  addBoards(rows: readonly NodeRow[]): Promise<Accepted> {
    return this.#addNodes('boards', rows);
  }

  /**
   * Removes pins with their edges and attributes: out of walks when this resolves, off the disk when the next
   * compaction has. A pin that comes back later under its id is a new one.
   */
  removePins(ids: readonly string[]): Promise<Accepted> {
    return this.#removeNodes('pins', ids);
  }

  removeBoards(ids: readonly string[]): Promise<Accepted> {
    return this.#removeNodes('boards', ids);
  }

  /**
   * Folds the delta into a new base, in a thread of its own: walks and changes go on meanwhile. Resolves when
   * the base on the disk and `view` are the new ones; a compaction that is under way is joined.
   */
  compact(): Promise<void> {
    this.#compaction ??= this.#compact().finally(() => {
      this.#since = undefined;
      this.#compaction = undefined;
    });
    return this.#compaction;
  }

  /** Waits for what was sent and for a compaction under way, and lets others write. */
  async close(): Promise<void> {
    await this.#compaction?.catch(() => {});
    await this.#writer.close();
    this.#unlock();
  }

  async #edges(kind: 'add_edges' | 'remove_edges', batch: EdgeBatch): Promise<Accepted> {
    checkEdges(batch);
    const { length } = batch.boardIds;
    const parts: Promise<number>[] = [];
    for (let from = 0; from < length; from += recordEdges) {
      const piece = [from, Math.min(length, from + recordEdges)] as const;
      if (from > 0) await setImmediate();
      const part = this.#sendEdges(kind, batch, piece);
      // It is looked at when all are done.
      part.catch(() => {});
      parts.push(part);
    }
    let changed = 0;
    for (const part of parts) changed += await part;
    return { changed };
  }

  async #sendEdges(
    kind: 'add_edges' | 'remove_edges',
    batch: EdgeBatch,
    [from, to]: readonly [number, number],
  ): Promise<number> {
    if (kind === 'add_edges') {
      const ids = { boards: batch.boardIds, pins: batch.pinIds };
      this.#checkRoom(to - from, (side) => ids[side].slice(from, to));
    }
    return this.#writer.send((told) => edgeOperation(kind, batch, [from, to], told));
  }

  async #addNodes(side: Side, rows: readonly NodeRow[]): Promise<Accepted> {
    const operation = describeOperation(side, rows);
    this.#checkRoom(rows.length, (other) => (other === side ? operation.ids : []));
    return { changed: rows.length > 0 ? await this.#writer.send(() => operation) : 0 };
  }

  async #removeNodes(side: Side, ids: readonly string[]): Promise<Accepted> {
    const operation = removeOperation(side, ids);
    return { changed: ids.length > 0 ? await this.#writer.send(() => operation) : 0 };
  }

  /** Refuses what might find no room once it is in the log. @throws BoardwalkError `delta_full` */
  #checkRoom(rows: number, idsOf: (side: Side) => readonly string[]): void {
    const { room, full, nodes } = this.#generation;
    const crowded = sides.some((side) => {
      const left = nodes[side].left - this.#writer.unborn(side);
      return rows > left && idsOf(side).filter((id) => this.#registers[side].handleOf(id) < 0).length > left;
    });
    if (!full && !crowded && room >= Math.min(leastRoom, this.#wholeRoom / 8)) return;
    this.#compactIfWanted();
    const mend = this.#compaction
      ? 'Try again when the compaction that is under way is done.'
      : 'Compact it, or open it again: each makes new room.';
    throw new BoardwalkError('delta_full', `${this.directory} has no room for more pins, boards and edges. ${mend}`, {
      file: this.directory,
    });
  }

  #apply(change: Change): number {
    this.#since?.push(change);
    const changed = this.#generation.apply(change);
    if (this.#roomLeft < this.#options.compactBelow) this.#compactIfWanted();
    return changed;
  }

  /** The least share of any room that is left. */
  get #roomLeft(): number {
    const { full, room, nodes } = this.#generation;
    return full ? 0 : Math.min(room / this.#wholeRoom, nodes.pins.shareLeft, nodes.boards.shareLeft);
  }

  #compactIfWanted(): void {
    if (this.#options.compactBelow <= 0 || this.#compaction || performance.now() < this.#retryAt) return;
    this.compact().catch((error: Error) => {
      this.#retryAt = performance.now() + retryMilliseconds;
      this.#options.onCompactionFailure(error);
    });
  }

  async #compact(): Promise<void> {
    assertUnreplaced(this.directory, readManifest(this.directory), this.#view.baseId);
    let through = 0;
    let sealed: Readonly<Record<Side, Int32Array>> | undefined;
    await this.#writer.seal((segment) => {
      through = segment;
      this.#since = [];
      sealed = { pins: this.#generation.nodes.pins.snapshot(), boards: this.#generation.nodes.boards.snapshot() };
    });
    const { baseId, topology, placements } = await compactInThread({
      directory: this.directory,
      through,
      room: this.#options.room,
    });
    // The thread numbers nodes as this generation does; handles go by way of its indices to the new ones.
    const renumbered = (side: Side): Placement => {
      const { indices, count } = placements[side];
      return { indices: sealed![side].map((index) => (index < 0 ? -1 : indices[index])), count };
    };
    const next = new Generation(topology, this.#registers, {
      pins: renumbered('pins'),
      boards: renumbered('boards'),
    });
    await this.#catchUp(next);
    this.#generation = next;
    this.#wholeRoom = next.room;
    this.#view = viewOf(next, baseId);
    for (const listener of this.#listeners) listener(this.#view);
  }

  /** Applies what has come since; both memories take what comes meanwhile, until the new one lacks nothing. */
  async #catchUp(next: Generation): Promise<void> {
    const since = this.#since!;
    let until = performance.now() + sliceMilliseconds;
    for (let at = 0; at < since.length; at++) {
      next.apply(since[at]);
      if (performance.now() < until) continue;
      await setImmediate();
      until = performance.now() + sliceMilliseconds;
    }
  }
}
