import { Command } from 'commander';
import { BoardwalkError } from '../errors.js';
import { refuseColumnsAlone } from './refuse-without.js';

interface Flags {
  graph: string;
  edges?: string[];
  pins?: string;
  boards?: string;
  edgeColumns?: string;
  pinColumns?: string;
  boardColumns?: string;
  maxRejects?: string;
  remove?: boolean;
  compact?: boolean;
  json?: boolean;
}

export const command = new Command('add')
  .description(
    'Adds edges, pins and boards to a graph, or takes them away. They go into GRAPH.delta, a log beside the graph, ' +
      'and are safe on the disk when this command ends; `boardwalk compact` puts them into the graph itself. Sections ' +
      'and vectors are left out: those come with a build.',
  )
  .requiredOption('--graph <dir>', 'graph directory')
  .option('--edges <files...>', 'board_id, pin_id and, if known, added_at, weight')
  .option('--pins <file>', 'pin_id and any of title text url image domain owner language topic created_at')
  .option('--boards <file>', 'board_id and any of title text owner language topic created_at')
  .option('--remove', 'take away the edges, pins and boards that the files name; pins and boards go with their edges')
  .option('--compact', 'then put all changes into the graph')
  .option('--edge-columns <names>', "the edge file's names for ours: board_id=user,pin_id=item")
  .option('--pin-columns <names>', "the pin file's names for ours: pin_id=item,title=name")
  .option('--board-columns <names>', "the board file's names for ours")
  .option('--max-rejects <rows>', 'change nothing when more rows are bad: a number, or a share of all (default: 1%)')
  .option('--json', 'print what changed as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk add --graph graph --edges saved-today.csv')
  .action(async (flags: Flags, given: Command) => {
    const { edges = [], pins, boards } = flags;
    if (edges.length === 0 && pins === undefined && boards === undefined)
      throw new BoardwalkError('bad_option', 'There is nothing to change: give --edges, --pins or --boards.', {
        field: 'edges',
      });
    refuseColumnsAlone(given);
    const [{ openLiveGraph }, { addFiles }, { parseMapping }, { streamProgress }] = await Promise.all([
      import('../graph/live/open-live-graph.js'),
      import('../graph/live/add-files.js'),
      import('../data/columns.js'),
      import('../progress.js'),
    ]);
    const live = await openLiveGraph(flags.graph);
    try {
      const result = await addFiles(live, {
        edges,
        remove: flags.remove === true,
        columns: {
          edges: parseMapping('edges', flags.edgeColumns),
          pins: parseMapping('pins', flags.pinColumns),
          boards: parseMapping('boards', flags.boardColumns),
        },
        progress: streamProgress(),
        pins,
        boards,
        maxRejects: flags.maxRejects,
      });
      if (flags.compact) await live.compact();
      const { changed, rows, rejected } = result;
      if (flags.json) console.log(JSON.stringify({ graph: flags.graph, edges: live.edges, ...result }));
      else
        console.log(
          `${flags.graph}: ${changed.edges} edges, ${changed.pins} pins and ${changed.boards} boards ` +
            `${flags.remove ? 'taken away' : 'added or changed'}; ${rejected} of ${rows} rows rejected.`,
        );
    } finally {
      await live.close();
    }
  });
