import { Command } from 'commander';
import { type BackendChoice, backendOption } from './options.js';

interface Flags {
  graph: string;
  model: string;
  backend: BackendChoice;
  json?: boolean;
}

export const command = new Command('rank')
  .description("Renew a model for a graph, keeping PinSage's weights: vectors, sources, index and ranker.")
  .requiredOption('--graph <dir>', 'graph directory')
  .requiredOption('--model <dir>', 'model directory; replaced when the renewed model is whole')
  .addOption(backendOption())
  .option('--json', 'print the model id, its directory, figures and timings as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk rank --graph graph --model model')
  .action(async (flags: Flags) => {
    const [{ refitModel }, { typedCommand }, { streamProgress }, { modelJson, modelText }] = await Promise.all([
      import('../pipeline/refit-model.js'),
      import('../graph/provenance.js'),
      import('../progress.js'),
      import('../registry/show-model.js'),
    ]);
    const model = await refitModel({
      graphDirectory: flags.graph,
      modelDirectory: flags.model,
      backend: flags.backend,
      command: typedCommand(),
      progress: streamProgress(),
    });
    process.stdout.write(flags.json ? `${JSON.stringify(modelJson(model))}\n` : `${modelText(model)}\n`);
  });
