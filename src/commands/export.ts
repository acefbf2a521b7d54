import { Command, Option } from 'commander';
import type { ExportFormat } from '../embedding/export-table.js';

interface Flags {
  model: string;
  to: ExportFormat;
  out: string;
  json?: boolean;
}

export const command = new Command('export')
  .description(
    'Writes the embedding table for other programs. npy holds the vectors alone; its ids, one JSON string a row,\n' +
      'lie beside it in FILE.ids.jsonl.',
  )
  .requiredOption('--model <folder>', 'the model directory')
  .addOption(
    new Option('--to <format>', 'the file format').choices(['arrow', 'parquet', 'npy', 'jsonl']).makeOptionMandatory(),
  )
  .requiredOption('--out <file>', 'the file to write; it appears only when it is whole')
  .option('--json', 'print the result as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk export --model model --to parquet --out vectors.parquet')
  .action(async (flags: Flags) => {
    const [{ exportTable }, { openEmbeddingTable }, { checkModelFiles }, { modelFiles }, { streamProgress }, { join }] =
      await Promise.all([
        import('../embedding/export-table.js'),
        import('../embedding/table-file.js'),
        import('../registry/model-checksums.js'),
        import('../registry/model-files.js'),
        import('../progress.js'),
        import('node:path'),
      ]);
    checkModelFiles(flags.model, [modelFiles.table]);
    const table = await openEmbeddingTable(join(flags.model, modelFiles.table));
    const files = await exportTable(table, flags.to, flags.out, { progress: streamProgress() });
    const result = { files, pins: table.pinIds.length, dimension: table.dimension, model_id: table.modelId };
    if (flags.json) console.log(JSON.stringify(result));
    else
      console.log(`${files.join(', ')}: ${result.pins.toLocaleString('en-US')} vectors of ${result.dimension} values.`);
  });
