import { Command, InvalidArgumentError, Option } from 'commander';
import type { SplitKind } from '../pipeline/graphs/split-directory.js';
import { refuseWithout } from './refuse-without.js';
import { seedNumber, wholeNumber } from './whole-number.js';

interface Flags {
  by: SplitKind;
  share: number;
  minimumPins: number;
  seed: number;
  out: string;
  force?: boolean;
  json?: boolean;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1)) throw new InvalidArgumentError('Give a share between 0 and 1.');
  return value;
}

export const command = new Command('split')
  .description(
    'Hides edges of a graph as a test, before anything is trained. Writes OUT/graph, the graph without them, to train\n' +
      'on, and OUT/test.parquet (board_id, pin_id), which `boardwalk evaluate` reads. Every pin and board stays.',
  )
  .argument('<graph>', 'a graph directory')
  .addOption(
    new Option(
      '--by <way>',
      'board: some pins of each board, drawn by --seed; time: the edges added last; cold: every edge of some pins',
    )
      .choices(['board', 'time', 'cold'])
      .default('board'),
  )
  .option('--share <share>', "of each board's pins, of the edges that have a time, or of the pins", share, 0.1)
  .option(
    '--minimum-pins <count>',
    'by board: boards with fewer pins lose none',
    (text) => wholeNumber(text, '--minimum-pins', 2),
    5,
  )
  .option('--seed <number>', 'seed of the draw', seedNumber, 1)
  .requiredOption('--out <folder>', 'where both go; the folder appears only when it is whole')
  .option('--force', 'replace OUT')
  .option('--json', 'print counts and paths as one JSON object')
  .addHelpText(
    'after',
    '\nExample:\n  boardwalk split graph --by time --share 0.2 --out split\n' +
      '  boardwalk evaluate --graph split/graph --test split/test.parquet',
  )
  .action(async (directory: string, flags: Flags, given: Command) => {
    if (flags.by !== 'board') refuseWithout(given, '--minimum-pins', '--by board');
    const [{ splitDirectory }, { splitParts }, { streamProgress }, { join }] = await Promise.all([
      import('../pipeline/graphs/split-directory.js'),
      import('../pipeline/graphs/split-graph.js'),
      import('../progress.js'),
      import('node:path'),
    ]);
    const { by, minimumPins, seed, out } = flags;
    const stage = streamProgress().stage(`splitting by ${by}`);
    const split = await splitDirectory(directory, out, {
      by,
      share: flags.share,
      minimumPins,
      seed,
      force: flags.force === true,
    });
    stage.finish();
    const paths = { graph: join(out, splitParts.train), test: join(out, splitParts.test) };
    if (flags.json) {
      console.log(JSON.stringify({ ...paths, by, share: flags.share, seed, ...split }));
      return;
    }
    const count = (value: number): string => value.toLocaleString('en-US');
    console.log(
      `${paths.graph}: ${count(split.trainEdges)} edges to train on\n` +
        `${paths.test}: ${count(split.testEdges)} hidden edges of ${count(split.testBoards)} boards ` +
        `(${count(split.testBoardsWithoutPins)} of them with no pin left) and ${count(split.testPins)} pins ` +
        `(${count(split.coldTestPins)} of them on no board left)` +
        (split.since === undefined
          ? ''
          : `\nThe test begins at ${split.since}; ${count(split.undated ?? 0)} edges without a time are trained on.`),
    );
  });
