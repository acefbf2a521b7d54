import type { Role } from '../data/columns.js';
import type { PruneOptions } from './prune.js';
import type { PruneRecord } from './prune-graph.js';

/** A file that the graph was built from. */
export interface SourceRecord {
  role: Role;
  file: string;
  bytes: number;
  sha256: string;
  rows: number;
}

/** Where a graph came from; no part of its id. */
export interface Provenance {
  tool: string;
  sources: SourceRecord[];
  options: Record<string, unknown>;
  /** Rows left out, by reason. */
  rejects: Record<string, number>;
  /** Rows that repeated an earlier one. */
  duplicates: Record<'edges' | 'pins' | 'boards', number>;
  /** The last segment of the delta log that compaction has put into this graph. */
  compacted?: number;
  /** What pruning took away, with its cost where that was measured; absent from a whole graph. */
  pruning?: PruneRecord;
}

/** A word as a shell reads it back. */
export const quoted = (word: string): string =>
  /^[\w./=,:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The command line that runs now, as a shell reads it back. */
export function typedCommand(): string {
  return ['boardwalk', ...process.argv.slice(2).map(quoted)].join(' ');
}

interface Options {
  columns?: Record<string, Record<string, string>>;
  order?: readonly string[];
  maxRejects?: string;
}

const flagOf = { edges: 'edge', pins: 'pin', boards: 'board' } as const;

function pruneWords(pruning: Partial<PruneRecord> | undefined): string[] {
  const { entropy, delta, minimumBoards, contentOnly } = (pruning?.options ?? {}) as Partial<PruneOptions>;
  if (!pruning) return [];
  const words = [`--prune --prune-entropy ${Number(entropy)} --prune-delta ${Number(delta)}`];
  if (Number(minimumBoards) > 0) words.push(`--prune-min-boards ${Number(minimumBoards)}`);
  if (contentOnly === true) words.push('--prune-content');
  return words;
}

/**
 * The command that builds a graph again from the sources its manifest names; undefined where it names none.
 * The manifest may be of another version or damaged, so nothing is taken for granted.
 */
export function buildCommand(provenance: Partial<Provenance> | undefined): string | undefined {
  const sources = Array.isArray(provenance?.sources) ? provenance.sources : [];
  const { columns, order, maxRejects } = (provenance?.options ?? {}) as Options;
  const words = ['boardwalk build'];
  for (const role of ['edges', 'pins', 'boards', 'topics'] satisfies Role[]) {
    const files = sources.filter((source) => source?.role === role).map(({ file }) => quoted(String(file)));
    if (files.length > 0) words.push(`--${role} ${files.join(' ')}`);
    else if (role === 'edges') return undefined;
  }
  for (const [role, flag] of Object.entries(flagOf)) {
    const mapping = Object.entries(columns?.[role] ?? {}).map(([ours, theirs]) => `${ours}=${theirs}`);
    if (mapping.length > 0) words.push(`--${flag}-columns ${quoted(mapping.join(','))}`);
  }
  if (Array.isArray(order) && order.length > 0) words.push(`--order ${quoted(order.join(','))}`);
  if (typeof maxRejects === 'string' && maxRejects !== '1%') words.push(`--max-rejects ${quoted(maxRejects)}`);
  words.push(...pruneWords(provenance?.pruning));
  return `${words.join(' ')} --out NEW`;
}

/** What to do about a graph that cannot be read. */
export function rebuildAdvice(provenance: Partial<Provenance> | undefined): string {
  if (typeof provenance?.compacted === 'number')
    return 'Restore it from a copy: it holds changes that its sources lack.';
  const command = buildCommand(provenance);
  return command === undefined
    ? 'Build the graph again, or restore it from a copy.'
    : `Build the graph again: \`${command}\``;
}
