import { Command, Option } from 'commander';
import { type BackendChoice, backendOption } from './options.js';
import { seedNumber, wholeNumber } from './whole-number.js';

interface Flags {
  port: string;
  host: string;
  data?: string;
  directory?: string;
  backend: BackendChoice;
  seed: string;
  serve: boolean;
  json?: boolean;
}

export const command = new Command('demo')
  .description(
    'Run the whole path on the bundled data: build, train, compare with baselines, then open the page and the API.\n' +
      'What it makes is kept; a second start goes straight to the page.',
  )
  .addOption(new Option('--port <number>', 'port; another is taken where it is in use').env('PORT').default('8080'))
  .option('--host <address>', 'address to listen on; 0.0.0.0 for every interface', '127.0.0.1')
  .option('--data <dir>', 'folder with edges.parquet, pins.parquet and boards.parquet (default: the bundled data)')
  .option('--directory <dir>', 'where results are kept (default: .boardwalk/debian in the current folder)')
  .addOption(backendOption())
  .option('--seed <number>', 'seed of the split and of training', '1')
  .option('--no-serve', 'stop before serving')
  .option('--json', 'print {"graph", "model", "evaluation", "url"} as one object')
  .addHelpText('after', '\nExample:\n  boardwalk demo --port 9000')
  .action(async (flags: Flags) => {
    const port = wholeNumber(flags.port, '--port', 0, 65_535);
    const seed = seedNumber(flags.seed);
    const [{ prepareDemo }, { reportTable }, { streamProgress }, { interruptible }] = await Promise.all([
      import('../pipeline/demo.js'),
      import('../evaluation/report.js'),
      import('../progress.js'),
      import('./interruptible.js'),
    ]);
    const demo = await interruptible((signal) =>
      prepareDemo({
        seed,
        backend: flags.backend,
        progress: streamProgress(),
        signal,
        data: flags.data,
        directory: flags.directory,
      }),
    );
    const out = flags.json ? process.stderr : process.stdout;
    out.write(`\nFull-catalogue ranking of the test edges, which training never saw:\n${reportTable(demo.report)}\n`);

    const result = { graph: demo.graph, model: demo.model, reused: demo.reused, evaluation: demo.report };
    if (!flags.serve) {
      if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
      return;
    }
    const [{ openRecommender }, { listen }] = await Promise.all([
      import('../registry/open-recommender.js'),
      import('../server/server.js'),
    ]);
    const { recommender, model } = await openRecommender(demo.graph, demo.model);
    const listening = await listen(recommender, {
      report: { epochs: model.epochs, evaluation: demo.report },
      port,
      host: flags.host,
      logLevel: 'warn',
    });
    if (flags.json) process.stdout.write(`${JSON.stringify({ ...result, url: listening.url })}\n`);
    if (port !== 0 && listening.port !== port) console.error(`Port ${port} is taken; using ${listening.port}.`);
    console.error(`Boardwalk is at ${listening.url} (API at ${listening.url}docs). Ctrl-C stops it.`);
    await listening.closed;
  });
