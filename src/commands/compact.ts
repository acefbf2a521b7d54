import { Command } from 'commander';

export const command = new Command('compact')
  .description(
    'Puts the changes in GRAPH.delta into the graph: it becomes what a build of all that survives makes, and the log ' +
      'is emptied, so that nothing is left of what was removed. The old graph stays until the new one is whole. Models ' +
      'belong to the old graph: renew them with `boardwalk embed` and `boardwalk rank`.',
  )
  .argument('<graph>', 'a graph directory that no process has open for writing')
  .option('--json', 'print the result as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk compact graph')
  .action(async (directory: string, flags: { json?: boolean }) => {
    const [{ compactGraph }, { streamProgress }] = await Promise.all([
      import('../graph/live/open-live-graph.js'),
      import('../progress.js'),
    ]);
    const stage = streamProgress().stage('compacting');
    const { id, counts } = await compactGraph(directory);
    stage.finish();
    if (flags.json) console.log(JSON.stringify({ graph: directory, id, ...counts }));
    else
      console.log(
        `${directory}: graph ${id} with ${counts.pins.toLocaleString('en-US')} pins, ` +
          `${counts.boards.toLocaleString('en-US')} boards and ${counts.edges.toLocaleString('en-US')} edges.`,
      );
  });
