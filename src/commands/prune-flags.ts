import type { Command } from 'commander';
import { BoardwalkError } from '../errors.js';
import type { PruneOptions } from '../graph/prune.js';
import type { PruneCostOptions } from '../pipeline/graphs/prune-cost.js';
import { wholeNumber } from './whole-number.js';

export interface PruneFlags {
  pruneEntropy?: string;
  pruneDelta?: string;
  pruneMinBoards?: string;
  pruneContent?: boolean;
  pruneReport: boolean;
  pruneBoards?: string;
}

/** The flags by which a graph is pruned, wherever that is done. */
export function addPruneFlags(command: Command): void {
  command
    .option(
      '--prune-entropy <share>',
      'boards that lose their edges, those of the most mixed topics (default: 0, which spares all)',
    )
    .option('--prune-delta <power>', 'a pin of E edges keeps the ⌈E^power⌉ to boards that fit it best (default: 0.91)')
    .option('--prune-min-boards <count>', 'pins on fewer boards lose their edges (default: 0, which spares all)')
    .option('--prune-content', 'pins without title, text or vector lose their edges')
    .option('--prune-boards <count>', 'boards whose hidden pins are sought to measure the cost (default: 2000)')
    .option('--no-prune-report', 'leave out what it costs walks in recall and hit rate');
}

/** Whether any of the flags was given. */
export function isPruning({ pruneReport, ...flags }: PruneFlags): boolean {
  const given = [flags.pruneEntropy, flags.pruneDelta, flags.pruneMinBoards, flags.pruneContent, flags.pruneBoards];
  return !pruneReport || given.some((value) => value !== undefined);
}

export function pruneOptionsOf(flags: PruneFlags): {
  prune: Partial<PruneOptions>;
  cost: Partial<PruneCostOptions> | false;
} {
  const number = (text: string | undefined, flag: string): number | undefined => {
    if (text === undefined) return undefined;
    if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
    throw new BoardwalkError('bad_option', `${flag} must be a number; got "${text}".`, { field: flag });
  };
  const { pruneEntropy, pruneDelta, pruneMinBoards, pruneBoards } = flags;
  if (pruneBoards !== undefined && !flags.pruneReport)
    throw new BoardwalkError(
      'bad_option',
      '--prune-boards does not go with --no-prune-report. Leave out one or the other.',
      { field: 'prune-boards' },
    );
  return {
    prune: {
      entropy: number(pruneEntropy, '--prune-entropy'),
      delta: number(pruneDelta, '--prune-delta'),
      minimumBoards: wholeNumber(pruneMinBoards, '--prune-min-boards'),
      contentOnly: flags.pruneContent === true,
    },
    cost: flags.pruneReport && {
      boards: wholeNumber(pruneBoards, '--prune-boards', 1),
    },
  };
}
