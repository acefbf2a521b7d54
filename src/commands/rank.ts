import { Command, Option } from 'commander';
import type { backendNames } from '../model/backends.js';

interface Flags {
  graph: string;
  model: string;
  backend: (typeof backendNames)[number];
  json?: boolean;
}

export const command = new Command('rank')
  .description("Renew a model for a graph, keeping PinSage's weights: vectors, sources, index and ranker.")
  .requiredOption('--graph <dir>', 'graph directory')
  .requiredOption('--model <dir>', 'model directory; replaced when the renewed model is whole')
  .addOption(
    new Option('--backend <name>', 'tensor backend; auto takes the fastest one found')
      .choices(['auto', 'gpu', 'webgpu', 'node', 'wasm', 'cpu'])
      .default('auto'),
  )
  .option('--json', 'print the model id, its directory, figures and timings as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk rank --graph graph --model model')
  .action(async (flags: Flags) => {
    const [{ refitModel }, { streamProgress }, { modelJson, modelText }] = await Promise.all([
      import('../pipeline/refit-model.js'),
      import('../progress.js'),
      import('../registry/show-model.js'),
    ]);
    const model = await refitModel({
      graphDirectory: flags.graph,
      modelDirectory: flags.model,
      backend: flags.backend,
      command: ['boardwalk', ...process.argv.slice(2)].join(' '),
      progress: streamProgress(),
    });
    process.stdout.write(flags.json ? `${JSON.stringify(modelJson(model))}\n` : `${modelText(model)}\n`);
  });
