import { Command } from 'commander';
import { type BackendChoice, backendOption } from './options.js';
import { seedNumber, wholeNumber } from './whole-number.js';

interface Flags {
  graph: string;
  out: string;
  config?: string;
  backend: BackendChoice;
  seed: number;
  epochs?: number;
  towers: number;
  from?: string;
  resume?: boolean;
  checkpoint?: number;
  force?: boolean;
  json?: boolean;
}

export const command = new Command('train')
  .description(
    'Train a model on a graph: PinSage embeddings, PinText where pins have words, index, candidate sources,\n' +
      'ranker and blend.',
  )
  .requiredOption('--graph <dir>', 'graph directory')
  .requiredOption('--out <dir>', 'model directory; it appears when it is whole')
  .option('--config <file>', 'training spec as JSON; what it leaves out takes its default')
  .addOption(backendOption())
  .option('--seed <number>', 'names every random stream', seedNumber, 1)
  .option('--epochs <number>', "PinSage's epochs at most, instead of the spec's", (text) =>
    wholeNumber(text, '--epochs', 1),
  )
  .option(
    '--towers <number>',
    'threads that share out every training step; they need --backend wasm where more than 1',
    (text) => wholeNumber(text, '--towers', 1, 64),
    1,
  )
  .option('--from <dir>', "start from an older model's weights and spec, where the graph has grown since")
  .option('--resume', 'go on from what an interrupted run has left beside --out')
  .option('--checkpoint <seconds>', 'time between two checkpoints within an epoch; 60 by default', (text) =>
    wholeNumber(text, '--checkpoint'),
  )
  .option('--force', 'replace a model that lies at --out, or what an interrupted run has left beside it')
  .option('--json', 'print the model id, its directory, figures and timings as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk train --graph graph --out model --seed 7')
  .action(async (flags: Flags) => {
    const [{ trainModel }, { readTrainConfig }, { typedCommand }, { streamProgress }, { interruptible }] =
      await Promise.all([
        import('../pipeline/train-model.js'),
        import('../pipeline/spec/train-config.js'),
        import('../graph/provenance.js'),
        import('../progress.js'),
        import('./interruptible.js'),
      ]);
    const spec = flags.config === undefined ? {} : readTrainConfig(flags.config);
    const model = await interruptible((signal) =>
      trainModel({
        graphDirectory: flags.graph,
        out: flags.out,
        spec: flags.epochs === undefined ? spec : { ...spec, pinsage: { ...spec.pinsage, epochs: flags.epochs } },
        backend: flags.backend,
        seed: flags.seed,
        towers: flags.towers,
        from: flags.from,
        resume: flags.resume ?? false,
        checkpointSeconds: flags.checkpoint,
        force: flags.force ?? false,
        command: typedCommand(),
        progress: streamProgress(),
        signal,
      }),
    );
    const { modelJson, modelText } = await import('../registry/show-model.js');
    process.stdout.write(flags.json ? `${JSON.stringify(modelJson(model))}\n` : `${modelText(model)}\n`);
  });
