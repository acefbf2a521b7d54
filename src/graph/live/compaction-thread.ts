import { BoardwalkError, type ErrorCode, type ErrorSubject } from '../../errors.js';
import { startThreads } from '../../threads.js';
import type { Side } from '../graph.js';
import type { LiveTopology } from '../walk-rows.js';
import { compactSegments } from './compact.js';
import type { Placement } from './generation.js';
import { liveMemory, type Room, roomFor } from './live-memory.js';

export interface CompactionTask {
  directory: string;
  /** The last segment to fold. */
  through: number;
  /** Room of the new memory; sized by the graph where left out. */
  room: Partial<Room>;
}

/** A new base as the next generation of a live graph needs it; all of it lies in shared memory. */
export interface CompactionResult {
  baseId: string;
  topology: LiveTopology;
  placements: Readonly<Record<Side, Placement>>;
}

/** An error as it crosses threads, where classes do not. */
export interface CompactionFailure {
  code: ErrorCode;
  message: string;
  subject: ErrorSubject;
}

/** What the thread does. */
export async function compactToMemory({
  directory,
  through,
  room,
}: CompactionTask): Promise<CompactionResult | CompactionFailure> {
  try {
    const { manifest, topology, placements } = await compactSegments(directory, through);
    return { baseId: manifest.id, topology: liveMemory(topology, { ...roomFor(topology), ...room }), placements };
  } catch (error) {
    if (!(error instanceof BoardwalkError)) throw error;
    const { code, message, subject } = error;
    return { code, message, subject };
  }
}

/** Compacts in a thread of its own, so that the one that writes and those that walk go on. */
export async function compactInThread(task: CompactionTask): Promise<CompactionResult> {
  const { pool, end } = startThreads('compact', { threads: 1 });
  try {
    const answer: CompactionResult | CompactionFailure = await pool.run(task);
    if ('topology' in answer) return answer;
    throw new BoardwalkError(answer.code, answer.message, answer.subject);
  } finally {
    await end();
  }
}
