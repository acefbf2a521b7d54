import { Command } from 'commander';

export const command = new Command('inspect')
  .description('Shows what a graph holds, what it needs and what looks wrong with it.')
  .argument('<graph>', 'a graph directory')
  .option('--checksums', 'compare every file with its recorded hash first; names the column that is damaged')
  .option('--json', 'print the findings as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk inspect graph')
  .action(async (directory: string, flags: { checksums?: boolean; json?: boolean }) => {
    const [{ openGraph }, { inspectGraph }, { inspectionText }, { chooseKernel }] = await Promise.all([
      import('../graph/open.js'),
      import('../graph/inspect.js'),
      import('../graph/inspection-text.js'),
      import('../sampling/choose-kernel.js'),
    ]);
    const graph = await openGraph(directory, { checksums: flags.checksums === true });
    const found = inspectGraph(graph);
    const kernel = chooseKernel(graph.topology);
    if (flags.json) console.log(JSON.stringify({ ...found, walk_kernel: kernel }));
    else console.log(`${inspectionText(directory, found)}\n\nwalks use the ${kernel.name} kernel: ${kernel.reason}`);
  });
