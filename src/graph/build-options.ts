import { availableParallelism } from 'node:os';
import type { ColumnMapping, Role } from '../data/columns.js';
import { type Progress, silentProgress } from '../progress.js';
import type { OrderColumn } from './node-order.js';

export interface BuildOptions {
  /** At least one file. */
  edges: readonly string[];
  pins?: string;
  boards?: string;
  /** Topics of pins and boards, as `boardwalk topics` writes them; they replace those of the files above. */
  topics?: string;
  out: string;
  columns: Partial<Record<Role, ColumnMapping>>;
  /** Rejected rows that are tolerated: a number, or a share of all rows such as `1%`. */
  maxRejects: string;
  /** Beside which folder they are listed where they are too many, by its name; `out` by default. */
  rejectsBeside?: string;
  /** Attributes that pins and boards are numbered by, before their ids. */
  order: readonly OrderColumn[];
  force: boolean;
  /** Of the whole process, as `4GB`: what does not fit is sorted on the disk, beside the output. */
  memory: string;
  threads: number;
  /** Most edges that are folded in memory, and most of a partition where there are more; by `memory` otherwise. */
  edgesInMemory?: number;
  progress: Progress;
}

export const buildDefaults = {
  columns: {},
  maxRejects: '1%',
  order: [],
  force: false,
  memory: '4GB',
  threads: availableParallelism(),
  progress: silentProgress,
} satisfies Partial<BuildOptions>;
