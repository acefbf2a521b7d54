import { Command } from 'commander';
import { addPruneFlags, type PruneFlags, pruneOptionsOf } from './prune-flags.js';

interface Flags extends PruneFlags {
  out: string;
  force?: boolean;
  json?: boolean;
}

export const command = new Command('prune')
  .description(
    'Writes a graph again without the edges that tell walks least: those of boards of mixed topics and, of popular\n' +
      "pins, those to boards that fit them least. Topics are the pins' own, or the graph's communities. Every pin and\n" +
      'board stays and answers; only edges go. Reports what went, and what walks lose or win by it.',
  )
  .argument('<graph>', 'a graph directory')
  .requiredOption('--out <folder>', 'the pruned graph directory; it appears only when it is whole')
  .option('--force', 'replace OUT, once the pruned graph is whole')
  .option('--json', 'print the report as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk prune graph --out pruned --prune-delta 0.8')
  .action(async (directory: string, flags: Flags) => {
    const [{ pruneDirectory }, { pruningText }, { streamProgress }] = await Promise.all([
      import('../pipeline/graphs/prune-directory.js'),
      import('./pruning-text.js'),
      import('../progress.js'),
    ]);
    const { manifest, pruning } = await pruneDirectory(directory, flags.out, {
      ...pruneOptionsOf(flags),
      force: flags.force === true,
      progress: streamProgress(),
    });
    const { counts, id } = manifest;
    if (flags.json) console.log(JSON.stringify({ graph: flags.out, id, ...counts, pruning }));
    else console.log(`${flags.out}: graph ${id}, ${pruningText(pruning)}`);
  });

addPruneFlags(command);
