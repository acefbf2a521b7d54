import { Command, CommanderError } from 'commander';
import { BoardwalkError } from './errors.js';
import { version } from './package-root.js';

/** The subcommands, each loaded only when it is called: `--help` never loads a tensor library. */
const commands: Record<string, { summary: string; load: () => Promise<{ command: Command }> }> = {
  demo: {
    summary: 'run the whole path on the bundled data, then open the page',
    load: () => import('./commands/demo.js'),
  },
  import: {
    summary: 'fetch or convert a public data set into edge and pin files',
    load: () => import('./commands/import.js'),
  },
  build: {
    summary: 'build a graph directory from edge, pin and board files',
    load: () => import('./commands/build.js'),
  },
  prune: {
    summary: 'drop the edges of a graph that tell walks least',
    load: () => import('./commands/prune.js'),
  },
  relate: {
    summary: 'give a graph others over the same pins, such as searches, for training to read',
    load: () => import('./commands/relate.js'),
  },
  add: {
    summary: 'add pins, boards and edges to a graph, or take them away',
    load: () => import('./commands/add.js'),
  },
  compact: {
    summary: 'put the changes of a graph into the graph itself',
    load: () => import('./commands/compact.js'),
  },
  inspect: { summary: 'show what a graph holds, needs and lacks', load: () => import('./commands/inspect.js') },
  topics: {
    summary: "find a graph's topics by its communities, and name them",
    load: () => import('./commands/topics.js'),
  },
  neighbourhood: {
    summary: 'write what lies around a pin or board as a graphology graph',
    load: () => import('./commands/neighbourhood.js'),
  },
  split: {
    summary: 'hide edges of a graph as a test, before anything is trained',
    load: () => import('./commands/split.js'),
  },
  train: {
    summary: 'train a model: embeddings, index, ranker and blend',
    load: () => import('./commands/train.js'),
  },
  rank: { summary: "refit a model's ranker for a new graph", load: () => import('./commands/rank.js') },
  embed: { summary: "renew a model's embeddings for a grown graph", load: () => import('./commands/embed.js') },
  export: {
    summary: 'write the embedding table as Arrow, Parquet, npy or JSONL',
    load: () => import('./commands/export.js'),
  },
  evaluate: {
    summary: 'compare the recommender with baselines on held-out data',
    load: () => import('./commands/evaluate.js'),
  },
  recommend: {
    summary: 'recommend pins for a pin, a board or a user, singly or in batch',
    load: () => import('./commands/recommend.js'),
  },
  models: { summary: 'list, show and compare model directories', load: () => import('./commands/models.js') },
  serve: { summary: 'serve the recommendation API and the explorer page', load: () => import('./commands/serve.js') },
};

/** What no flag sets, because it holds for whatever runs. */
const environment =
  '\nEnvironment:\n' +
  '  BOARDWALK_MEMORY  memory that the process may take in all, as 12GB, or "unlimited" (default: what the system has free)\n' +
  '  BOARDWALK_KERNEL  what walks: wasm, typescript, or auto, which takes wasm where the graph fits (default: auto)';

async function program(name: string | undefined): Promise<Command> {
  const root = new Command('boardwalk').description('A graph recommender for collections.').version(version());
  for (const [key, { summary, load }] of Object.entries(commands)) {
    const command = key === name ? (await load()).command : new Command(key).allowUnknownOption();
    root.addCommand(command.summary(summary));
  }
  root.addHelpText('after', environment);
  const inherit = (command: Command): void => {
    command.exitOverride().showSuggestionAfterError();
    for (const child of command.commands) inherit(child);
  };
  inherit(root);
  return root;
}

/** A reader that has seen enough, such as `head`, closes the pipe: then there is nobody left to write to. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/** Exit codes: 0 done, 1 failed, 2 wrong use, 3 done with a finding that a pipeline should heed. */
export async function main(argv: string[]): Promise<number> {
  endWithReader();
  try {
    const root = await program(argv.find((word) => !word.startsWith('-')));
    if (argv.length === 0) {
      root.outputHelp();
      return 2;
    }
    await root.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof BoardwalkError) {
      console.error(`boardwalk: ${error.message}`);
      return error.code === 'bad_option' ? 2 : 1;
    }
    console.error(error);
    return 1;
  }
}
