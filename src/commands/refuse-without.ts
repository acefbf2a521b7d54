import type { Command } from 'commander';
import { BoardwalkError } from '../errors.js';

/** Throws `bad_option` where a flag was given that says nothing without `other`, which was not. */
export function refuseWithout(command: Command, flag: string, other: string): void {
  const option = command.options.find(({ long }) => long === flag);
  if (option === undefined || command.getOptionValueSource(option.attributeName()) !== 'cli') return;
  throw new BoardwalkError('bad_option', `${flag} goes with ${other}: give that with it, or leave it out.`, {
    field: flag.slice(2),
  });
}

/** Throws `bad_option` where a file's columns are named, and the file is not. */
export function refuseColumnsAlone(command: Command): void {
  for (const row of ['edge', 'pin', 'board'])
    if (command.getOptionValue(`${row}s`) === undefined) refuseWithout(command, `--${row}-columns`, `--${row}s`);
}
