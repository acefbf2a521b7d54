import { Command, Option } from 'commander';
import { BoardwalkError } from '../errors.js';
import type { Drift } from '../embedding/drift.js';
import type { ExportFormat, WrittenFile } from '../embedding/export-table.js';
import type { VectorType } from '../embedding/vectors.js';
import { vectorTypeOption } from './options.js';

interface Flags {
  model: string;
  to: ExportFormat;
  out: string;
  type?: VectorType;
  since?: string;
  leastOverlap?: string;
  json?: boolean;
}

/** A table of the same model keeps more than .9; of a model trained anew on citeulike-t, .54 was left. */
const leastOverlap = 0.5;
const driftedStatus = 3;

export const command = new Command('export')
  .description(
    'Writes the embedding table for other programs, and FILE.schema.json beside it: fields, types, ids of model and\n' +
      'graph, checksums, and how to unpack. npy holds the values alone; its ids, one JSON string a row, lie beside it\n' +
      'in FILE.ids.jsonl, the scales of int8 and int4 in FILE.scales.npy. With --since it says how far the vectors\n' +
      'moved; exit status 3 then means that the file is written and the neighbours changed too much.',
  )
  .requiredOption('--model <folder>', 'the model directory')
  .addOption(
    new Option('--to <format>', 'the file format').choices(['arrow', 'parquet', 'npy', 'jsonl']).makeOptionMandatory(),
  )
  .requiredOption('--out <file>', 'the file to write; it appears only when it is whole')
  .addOption(vectorTypeOption("as in the model's table"))
  .option('--since <table>', 'the table before: an Arrow file that export wrote, or a model directory')
  .option(
    '--least-overlap <share>',
    `with --since: least share of a pin's 10 nearest that must stay, or the exit status is 3 (default: ${leastOverlap})`,
  )
  .option('--json', 'print the result as one JSON object')
  .addHelpText(
    'after',
    '\nExample:\n  boardwalk export --model model --to parquet --out vectors.parquet --type int8 --since yesterday/vectors.arrow',
  )
  .action(async (flags: Flags) => {
    const [{ exportTable }, { openEmbeddingTable }, { modelFiles }, { streamProgress }, { join }] = await Promise.all([
      import('../embedding/export-table.js'),
      import('../embedding/table-file.js'),
      import('../registry/model-files.js'),
      import('../progress.js'),
      import('node:path'),
    ]);
    const [
      { tableContract },
      { driftBetween, driftText },
      { bytesOf, repackVectors, typeOf },
      { existsSync, statSync },
      { refuseUnwritable },
      { openOwnTable },
      { jsonText },
    ] = await Promise.all([
      import('../embedding/table-contract.js'),
      import('../embedding/drift.js'),
      import('../embedding/vectors.js'),
      import('node:fs'),
      import('../data/whole-file.js'),
      import('../registry/model.js'),
      import('../registry/json-file.js'),
    ]);
    const least = flags.leastOverlap === undefined ? leastOverlap : shareOf(flags.leastOverlap);
    if (flags.leastOverlap !== undefined && flags.since === undefined)
      throw new BoardwalkError('bad_option', '--least-overlap needs --since: the table before.', {
        field: '--least-overlap',
      });
    const schema = `${flags.out}.schema.json`;
    for (const file of [flags.out, schema]) await refuseUnwritable(file, 'out', [flags.model]);
    const own = await openOwnTable(flags.model);
    const type = flags.type ?? typeOf(own.vectors);
    const table = { ...own, vectors: repackVectors(own.vectors, own.dimension, type) };
    let drift: Drift | null = null;
    if (flags.since !== undefined) {
      const folder = existsSync(flags.since) && statSync(flags.since).isDirectory();
      drift = driftBetween(await openEmbeddingTable(folder ? join(flags.since, modelFiles.table) : flags.since), table);
    }
    const contract = async (written: readonly WrittenFile[]): Promise<string> =>
      jsonText(await tableContract(table, flags.to, written, drift));
    const files = await exportTable(table, flags.to, flags.out, {
      progress: streamProgress(),
      description: { path: schema, of: contract },
    });
    // Tables that cannot be compared have nothing in common; where no pin's neighbours can be told, its turn tells.
    const kept = drift && (drift.neighbour_overlap ?? 1 - (drift.moved_share ?? 1));
    const drifted = kept !== null && kept < least;
    if (drifted) process.exitCode = driftedStatus;
    const result = {
      files: [...files, schema],
      pins: table.pinIds.length,
      dimension: table.dimension,
      type,
      bytes: bytesOf(table.vectors),
      model_id: table.modelId,
      drift,
      drifted,
    };
    if (flags.json) console.log(JSON.stringify(result));
    else {
      console.log(
        `${files.join(', ')}: ${result.pins.toLocaleString('en-US')} vectors of ${result.dimension} values (${type}).`,
      );
      if (drift) console.log(driftText(drift));
    }
    if (drifted)
      console.error(
        `boardwalk: The neighbours' overlap is below ${least}: check what reads these vectors before it does.`,
      );
  });

function shareOf(text: string): number {
  const share = Number(text);
  if (/^[\d.]+$/.test(text) && share <= 1) return share;
  throw new BoardwalkError('bad_option', `--least-overlap must be a share from 0 to 1; got "${text}".`, {
    field: '--least-overlap',
  });
}
