import { Command } from 'commander';
import { BoardwalkError } from '../errors.js';
import type { BuildResult } from '../graph/build.js';
import type { PruningResult } from '../pipeline/graphs/prune-directory.js';
import { addPruneFlags, isPruning, type PruneFlags, pruneOptionsOf } from './prune-flags.js';
import { refuseColumnsAlone } from './refuse-without.js';
import { wholeNumber } from './whole-number.js';

interface Flags extends PruneFlags {
  edges: string[];
  pins?: string;
  boards?: string;
  topics?: string;
  out: string;
  memory?: string;
  threads?: string;
  order?: string;
  maxRejects?: string;
  edgeColumns?: string;
  pinColumns?: string;
  boardColumns?: string;
  prune?: boolean;
  force?: boolean;
  json?: boolean;
}

export const command = new Command('build')
  .description(
    'Builds a graph directory. Files may be CSV, TSV, JSONL (each also .gz), Parquet or Arrow.\n' +
      'Repeated edges are folded (earliest time, largest weight). Rows that cannot be read or that contradict an\n' +
      'earlier row go to rejects.parquet in OUT, with file, row and reason. A build that is killed goes on where it\n' +
      'stopped when the same command is run again; until then, its finished stages lie beside OUT.',
  )
  .requiredOption('--edges <files...>', 'board_id, pin_id and, if known, added_at, weight, section')
  .option(
    '--pins <file>',
    'pin_id and any of title text url image domain owner language topic created_at, and vectors: a column of lists, or columns NAME_0 NAME_1 and so on',
  )
  .option('--boards <file>', 'board_id and any of title text owner language topic created_at')
  .option('--topics <file>', 'topic and pin_id or board_id, as `boardwalk topics` writes them')
  .requiredOption('--out <folder>', 'the graph directory; it appears only when it is whole')
  .option('--edge-columns <names>', "the edge file's names for ours: board_id=user,pin_id=item")
  .option('--pin-columns <names>', "the pin file's names for ours: pin_id=item,title=name")
  .option('--board-columns <names>', "the board file's names for ours")
  .option('--max-rejects <rows>', 'fail when more rows are rejected: a number, or a share of all rows (default: 1%)')
  .option(
    '--order <columns>',
    'number pins and boards by these attributes, then by id, so that walks can keep to one value of them: any of ' +
      'language topic domain owner, with commas between (default: by id)',
  )
  .option(
    '--memory <size>',
    'of the whole process, as 800MB or 4GB; what does not fit is sorted on disk (default: 4GB)',
  )
  .option('--threads <count>', 'threads that read (default: all cores)')
  .option(
    '--prune',
    'drop the edges that tell walks least, as `boardwalk prune` does, by the flags below; beyond --memory, this holds ' +
      'the edges of the whole graph and of the pruned one in memory',
  )
  .option('--force', 'replace OUT, once the new graph is whole')
  .option('--json', 'print the result as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk build --edges edges.parquet --pins pins.parquet --out graph')
  .action(async (flags: Flags, given: Command) => {
    refuseColumnsAlone(given);
    if (!flags.prune && isPruning(flags))
      throw new BoardwalkError('bad_option', 'The flags --prune-… say how to prune: give --prune with them.', {
        field: 'prune',
      });
    const [{ buildGraph }, { buildPruned }, { pruningText }, { parseMapping }, { parseOrder }, { streamProgress }] =
      await Promise.all([
        import('../graph/build.js'),
        import('../pipeline/graphs/build-pruned.js'),
        import('./pruning-text.js'),
        import('../data/columns.js'),
        import('../graph/node-order.js'),
        import('../progress.js'),
      ]);
    const threads = wholeNumber(flags.threads, '--threads', 1);
    const options = {
      edges: flags.edges,
      out: flags.out,
      columns: {
        edges: parseMapping('edges', flags.edgeColumns),
        pins: parseMapping('pins', flags.pinColumns),
        boards: parseMapping('boards', flags.boardColumns),
      },
      progress: streamProgress(),
      pins: flags.pins,
      boards: flags.boards,
      topics: flags.topics,
      order: flags.order === undefined ? undefined : parseOrder(flags.order),
      memory: flags.memory,
      maxRejects: flags.maxRejects,
      threads,
      force: flags.force === true,
    };
    const built: BuildResult & { pruning?: PruningResult } = flags.prune
      ? await buildPruned(options, pruneOptionsOf(flags))
      : await buildGraph(options);
    const { manifest, rows, rejected, pruning } = built;
    const { counts, id, provenance } = manifest;
    const result = {
      graph: flags.out,
      id,
      ...counts,
      rows,
      rejected,
      rejects: provenance.rejects,
      duplicates: provenance.duplicates,
      pruning,
    };
    if (flags.json) console.log(JSON.stringify(result));
    else
      console.log(
        `${flags.out}: graph ${id} with ${counts.pins.toLocaleString('en-US')} pins, ${counts.boards.toLocaleString('en-US')} boards and ` +
          `${counts.edges.toLocaleString('en-US')} edges; ${rejected} of ${rows.toLocaleString('en-US')} rows rejected.${pruning ? `\n\n${pruningText(pruning)}` : ''}`,
      );
  });

addPruneFlags(command);
