import { Command } from 'commander';
import { BoardwalkError } from '../errors.js';
import { wholeNumber } from './whole-number.js';

interface Flags {
  checksums?: boolean;
  estimate?: boolean;
  edges?: string[];
  pins?: string;
  boards?: string;
  memory?: string;
  threads?: string;
  json?: boolean;
}

/** Of any number, so that one that is none of rows is not looked for as a file. */
const isCount = (text: string | undefined): text is string => /^-?\d+$/.test(text ?? '');

/** What `--edges`, `--pins` and `--boards` name: files, or numbers of rows. */
async function sizeGiven({ edges, pins, boards }: Flags) {
  if (edges === undefined)
    throw new BoardwalkError('bad_option', '--estimate needs --edges: files, or how many edges there are.', {
      field: 'edges',
    });
  if (edges.length > 1 || !isCount(edges[0])) return { edges, pins, boards };
  if (!isCount(pins) || !isCount(boards))
    throw new BoardwalkError('bad_option', 'With --edges as a number, give --pins and --boards as numbers too.', {
      field: isCount(pins) ? 'boards' : 'pins',
    });
  const { assumedSize } = await import('../graph/graph-size.js');
  return assumedSize(
    wholeNumber(edges[0], '--edges', 1),
    wholeNumber(pins, '--pins', 1),
    wholeNumber(boards, '--boards', 1),
  );
}

async function estimate(flags: Flags): Promise<void> {
  const [{ estimateGraph }, { estimateText }] = await Promise.all([
    import('../pipeline/graphs/estimate-graph.js'),
    import('./estimate-text.js'),
  ]);
  const threads = wholeNumber(flags.threads, '--threads', 1);
  const found = await estimateGraph(await sizeGiven(flags), { memory: flags.memory, threads });
  console.log(flags.json ? JSON.stringify(found) : estimateText(found));
}

/** Throws where a flag would be passed over without `--estimate`. */
function refuseEstimateFlags(flags: Flags): void {
  const given = (['edges', 'pins', 'boards', 'memory', 'threads'] as const).find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  const sentence = `--${given} says what to estimate or where: give --estimate with it, or leave it out.`;
  throw new BoardwalkError('bad_option', sentence, { field: given });
}

async function inspect(directory: string, flags: Flags): Promise<void> {
  const [
    { openGraph },
    { inspectGraph },
    { inspectionText },
    { defaultTrainingNeed },
    { chooseKernel },
    { pendingChanges },
  ] = await Promise.all([
    import('../graph/open.js'),
    import('../graph/inspect.js'),
    import('../graph/inspection-text.js'),
    import('../pipeline/training-need.js'),
    import('../sampling/choose-kernel.js'),
    import('../graph/live/pending.js'),
  ]);
  const graph = await openGraph(directory, { checksums: flags.checksums === true });
  const found = inspectGraph(graph, defaultTrainingNeed(graph));
  const changes = pendingChanges(directory);
  if (changes > 0)
    found.problems.push({
      what: 'batches of changes that are not in the graph yet',
      count: changes,
      advice: '`boardwalk compact` puts them there; until then, only a server and openLiveGraph see them.',
    });
  const kernel = chooseKernel(graph.topology);
  if (flags.json) console.log(JSON.stringify({ ...found, walk_kernel: kernel }));
  else console.log(`${inspectionText(directory, found)}\n\nwalks use the ${kernel.name} kernel: ${kernel.reason}`);
}

export const command = new Command('inspect')
  .description(
    'Shows what a graph holds, what it needs and what looks wrong with it; with --estimate, what a graph that is not ' +
      'built yet will take to build, open and walk on this machine, from a sample of its size that is tried for some seconds.',
  )
  .argument('[graph]', 'a graph directory')
  .option('--checksums', 'compare every file with its recorded hash first; names the column that is damaged')
  .option('--estimate', 'estimate time, memory and disk instead')
  .option('--edges <files...>', 'with --estimate: the files to build from, or the number of edges')
  .option('--pins <file>', 'with --estimate: the file of pins, or their number')
  .option('--boards <file>', 'with --estimate: the file of boards, or their number')
  .option('--memory <size>', 'with --estimate: as for build (default: 4GB)')
  .option('--threads <count>', 'with --estimate: as for build (default: all cores)')
  .option('--json', 'print the findings as one JSON object; bytes and seconds')
  .addHelpText(
    'after',
    '\nExample:\n  boardwalk inspect graph\n  boardwalk inspect --estimate --edges edges.parquet --pins pins.parquet --memory 4GB\n' +
      '  boardwalk inspect --estimate --edges 200000000 --pins 10000000 --boards 2000000',
  )
  .action(async (directory: string | undefined, flags: Flags) => {
    if (flags.estimate) return estimate(flags);
    refuseEstimateFlags(flags);
    if (directory !== undefined) return inspect(directory, flags);
    throw new BoardwalkError('bad_option', 'Name a graph directory, or give --estimate.', { field: 'graph' });
  });
