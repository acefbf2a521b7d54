import { Command, Option } from 'commander';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { Centre } from '../graph/neighbourhood-graph.js';
import { refuseWithout } from './refuse-without.js';
import { seedNumber, wholeNumber } from './whole-number.js';

interface Flags {
  pin?: string;
  board?: string;
  by: 'breadth' | 'visits';
  hops: string;
  nodes: string;
  steps: string;
  seed: string;
  out?: string;
}

async function centreOf(graph: Graph, { pin, board }: Flags): Promise<Centre> {
  if ((pin === undefined) === (board === undefined))
    throw new BoardwalkError('bad_option', 'Name the centre with either --pin or --board.', { field: 'pin' });
  const { nodeIndex } = await import('../graph/node-index.js');
  if (pin !== undefined) return { pin: nodeIndex(graph, 'pins', pin, 'pin') };
  return { board: nodeIndex(graph, 'boards', board as string, 'board') };
}

export const command = new Command('neighbourhood')
  .description(
    'Prints what lies around a pin or board as one JSON object that graphology imports, for drawing, communities\n' +
      'or centrality. Nodes have kind, id, title, degree (in the whole graph) and distance (edges from the centre).',
  )
  .argument('<graph>', 'a graph directory')
  .option('--pin <id>', 'the pin in the middle')
  .option('--board <id>', 'the board in the middle')
  .addOption(
    new Option('--by <way>', 'breadth: what is near; visits: what random walks from the centre meet most')
      .choices(['breadth', 'visits'])
      .default('breadth'),
  )
  .option('--hops <count>', 'by breadth: edges from the centre to the farthest node', '2')
  .option('--nodes <count>', 'at most this many beside the centre', '100')
  .option('--steps <count>', 'by visits: steps of the walk, from pin to board to pin', '20000')
  .option('--seed <number>', 'by visits: of the walk', '1')
  .option('--out <file>', 'write the object there instead; the file appears only when it is whole')
  .addHelpText('after', '\nExample:\n  boardwalk neighbourhood graph --pin numpy --by visits --out numpy.json')
  .action(async (directory: string, flags: Flags, given: Command) => {
    if (flags.by === 'breadth') for (const flag of ['--steps', '--seed']) refuseWithout(given, flag, '--by visits');
    else refuseWithout(given, '--hops', '--by breadth');
    const nodes = wholeNumber(flags.nodes, '--nodes', 1);
    const hops = wholeNumber(flags.hops, '--hops', 1);
    const walk = { steps: wholeNumber(flags.steps, '--steps', 1), seed: seedNumber(flags.seed) };
    const [{ openGraph }, { neighbourhoodGraph }, { visitedNeighbourhood }, { walkKernelFor }] = await Promise.all([
      import('../graph/open.js'),
      import('../graph/neighbourhood-graph.js'),
      import('../sampling/visited-neighbourhood.js'),
      import('../sampling/choose-kernel.js'),
    ]);
    if (flags.out !== undefined) {
      const { refuseUnwritable } = await import('../data/whole-file.js');
      await refuseUnwritable(flags.out, 'out');
    }
    const graph = await openGraph(directory);
    const centre = await centreOf(graph, flags);
    const found =
      flags.by === 'breadth'
        ? neighbourhoodGraph(graph, centre, { hops, nodes })
        : visitedNeighbourhood(graph, walkKernelFor(graph.topology), centre, { nodes, ...walk });
    const text = `${JSON.stringify(found.export())}\n`;
    if (flags.out === undefined) {
      process.stdout.write(text);
      return;
    }
    const [{ writeWholeFile }, { writeFile }] = await Promise.all([
      import('../data/whole-file.js'),
      import('node:fs/promises'),
    ]);
    await writeWholeFile(flags.out, (temporary) => writeFile(temporary, text));
    console.log(`${flags.out}: ${found.order} nodes and ${found.size} edges.`);
  });
