import { Command } from 'commander';
import type { VectorType } from '../embedding/vectors.js';
import { type BackendChoice, backendOption, vectorTypeOption } from './options.js';
import { wholeNumber } from './whole-number.js';

interface Flags {
  graph: string;
  model: string;
  out?: string;
  backend: BackendChoice;
  threads?: string;
  type?: VectorType;
  json?: boolean;
}

export const command = new Command('embed')
  .description(
    "Embeds every pin of a graph with a trained model: renews the model's table and index for a grown graph, or\n" +
      'writes a table elsewhere. Reports how far the vectors moved from those before.',
  )
  .requiredOption('--graph <folder>', 'the graph directory')
  .requiredOption('--model <folder>', 'the model directory')
  .option('--out <file>', "write the table here and leave the model's own as it is")
  .addOption(backendOption())
  .option(
    '--threads <count>',
    'threads that walk and, with wasm, embed, where there is work for them (default and most: all cores)',
  )
  .addOption(vectorTypeOption('as in the table before, float32 at first'))
  .option('--json', 'print the result as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk embed --graph grown --model model')
  .action(async (flags: Flags) => {
    const threads = wholeNumber(flags.threads, '--threads', 1);
    const [{ embedDirectory }, { driftText }, { streamProgress }] = await Promise.all([
      import('../pipeline/embed-directory.js'),
      import('../embedding/drift.js'),
      import('../progress.js'),
    ]);
    const { graph, model, out, backend, type } = flags;
    const result = await embedDirectory({ graph, model, out, backend, threads, type, progress: streamProgress() });
    if (flags.json) console.log(JSON.stringify(result));
    else {
      console.log(
        `${result.file}: ${result.pins.toLocaleString('en-US')} vectors of ${result.dimension} values (${result.type}).`,
      );
      if (result.drift) console.log(driftText(result.drift));
    }
  });
