import { Command, Option } from 'commander';
import type { VectorType } from '../embedding/vectors.js';
import type { BackendName } from '../model/backends.js';
import { wholeNumber } from './whole-number.js';

interface Flags {
  graph: string;
  model: string;
  out?: string;
  backend: 'auto' | BackendName;
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
  .addOption(
    new Option('--backend <name>', 'what computes; auto takes the fastest that is installed')
      .choices(['auto', 'gpu', 'webgpu', 'node', 'wasm', 'cpu'])
      .default('auto'),
  )
  .option(
    '--threads <count>',
    'threads that walk and, with wasm, embed, where there is work for them (default and most: all cores)',
  )
  .addOption(
    new Option('--type <type>', 'how vectors are kept (default: as in the table before, float32 at first)').choices([
      'float32',
      'float16',
      'int8',
      'int4',
    ]),
  )
  .option('--json', 'print the result as one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk embed --graph grown --model model')
  .action(async (flags: Flags) => {
    const [{ join }, { existsSync }, { openGraph }, { openBackend }, { openPinSage }, table, { renewTable }, progress] =
      await Promise.all([
        import('node:path'),
        import('node:fs'),
        import('../graph/open.js'),
        import('../model/backends.js'),
        import('../model/model-file.js'),
        import('../embedding/table-file.js'),
        import('../embedding/renew-table.js'),
        import('../progress.js'),
      ]);
    const [
      { modelFiles },
      { checkModelFiles },
      { readSummary },
      { replaceTable },
      { notePending },
      { bytesOf, typeOf },
      { driftText },
      { refuseUnwritable },
    ] = await Promise.all([
      import('../registry/model-files.js'),
      import('../registry/model-checksums.js'),
      import('../registry/model.js'),
      import('../registry/replace-table.js'),
      import('../graph/live/pending.js'),
      import('../embedding/vectors.js'),
      import('../embedding/drift.js'),
      import('../data/whole-file.js'),
    ]);
    const threads = flags.threads === undefined ? undefined : wholeNumber(flags.threads, '--threads', 1);
    if (flags.out !== undefined) await refuseUnwritable(flags.out, 'out', [flags.graph, flags.model]);
    const { id: modelId, spec } = readSummary(flags.model);
    const model = openPinSage(join(flags.model, modelFiles.weights));
    const own = join(flags.model, modelFiles.table);
    checkModelFiles(flags.model, flags.out === undefined ? undefined : [modelFiles.table]);
    const previous = existsSync(own) ? await table.openEmbeddingTable(own) : undefined;
    notePending(flags.graph, progress.streamProgress());
    const graph = await openGraph(flags.graph);
    const backend = await openBackend(flags.backend);
    const renewed = await renewTable(graph, model, {
      modelId,
      backend,
      seed: spec.seed,
      progress: progress.streamProgress(),
      ...(threads !== undefined && { threads }),
      ...(flags.type && { type: flags.type }),
      ...(previous && { previous }),
    });
    const file = flags.out ?? own;
    if (flags.out === undefined) await replaceTable(flags.model, renewed.table, renewed.drift);
    else await table.writeEmbeddingTable(flags.out, renewed.table);
    const result = {
      file,
      pins: graph.pins.size,
      dimension: renewed.table.dimension,
      type: typeOf(renewed.table.vectors),
      bytes: bytesOf(renewed.table.vectors),
      model_id: modelId,
      graph_id: graph.id,
      backend: backend.name,
      drift: renewed.drift,
    };
    if (flags.json) console.log(JSON.stringify(result));
    else {
      console.log(
        `${file}: ${result.pins.toLocaleString('en-US')} vectors of ${result.dimension} values (${result.type}).`,
      );
      if (renewed.drift) console.log(driftText(renewed.drift));
    }
  });
