import { Command, Option } from 'commander';
import { wholeNumber } from './whole-number.js';

interface Flags {
  graph: string;
  model: string;
  port: string;
  host: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  rateLimit: string;
  json?: boolean;
}

export const command = new Command('serve')
  .description(
    'Serve the recommendation API and the explorer page. Where the graph directory can be written, pins, boards and ' +
      'edges can be added and removed while it is served; they are kept in GRAPH.delta until `boardwalk compact`.',
  )
  .requiredOption('--graph <dir>', 'graph directory')
  .requiredOption('--model <dir>', 'model directory')
  .option('--port <number>', 'port; another is taken where it is in use, 0 takes any', '8080')
  .option('--host <address>', 'address to listen on; 0.0.0.0 for every interface', '127.0.0.1')
  .option('--rate-limit <requests>', 'requests a minute from one address; 0 lifts the limit', '30000')
  .addOption(
    new Option('--log-level <level>', 'least level of the log lines on stderr')
      .choices(['debug', 'info', 'warn', 'error', 'silent'])
      .default('warn'),
  )
  .option('--json', 'print {"url", "port", "model_id"} once listening')
  .addHelpText('after', '\nExample:\n  boardwalk serve --graph graph --model model --port 8080')
  .action(async (flags: Flags) => {
    const wanted = wholeNumber(flags.port, '--port', 0, 65_535);
    const rateLimit = wholeNumber(flags.rateLimit, '--rate-limit', 0, 1e9);
    const [{ openLiveRecommender, pinEmbedderOf }, { LiveService }, { listen }] = await Promise.all([
      import('../registry/open-recommender.js'),
      import('../server/live-service.js'),
      import('../server/server.js'),
    ]);
    const { recommender, graph, model, live, refusal } = await openLiveRecommender(flags.graph, flags.model);
    if (refusal) console.error(`The graph takes no changes here: ${refusal.message}`);
    try {
      const embedder = pinEmbedderOf(graph, model);
      const newPins = embedder && { embedder, index: model.index };
      const { url, port, closed } = await listen(live ? new LiveService(recommender, live, newPins) : recommender, {
        report: { epochs: model.epochs, evaluation: model.metrics },
        port: wanted,
        host: flags.host,
        logLevel: flags.logLevel,
        rateLimit,
        readOnly: refusal?.message,
      });
      if (flags.json) {
        process.stdout.write(`${JSON.stringify({ url, port, model_id: model.id })}\n`);
      } else {
        if (wanted !== 0 && port !== wanted) console.error(`Port ${wanted} is taken; using ${port}.`);
        console.error(`Boardwalk is at ${url} (API at ${url}docs). Ctrl-C stops it.`);
      }
      await closed;
    } finally {
      await live?.close();
    }
  });
