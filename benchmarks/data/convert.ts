import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { convertAwesomeBoards } from './awesome-boards.js';
import { convertCiteulike } from './citeulike-t.js';
import { convertLightgcn } from './gowalla.js';
import { convertLastfm } from './lastfm.js';
import { convertMovielens100k } from './ml-100k.js';
import { convertPinterest } from './pinterest.js';
import { convertSasrec } from './sasrec.js';
import { convertSigformer } from './sigformer.js';

/** Data set → its converter: (folder of the original, folder for Boardwalk's files) → rows of each file. */
export const converters: Record<string, (source: string, out: string) => Promise<Record<string, number>>> = {
  gowalla: convertLightgcn,
  'citeulike-t': convertCiteulike,
  'awesome-boards': convertAwesomeBoards,
  'ml-100k': convertMovielens100k,
  lastfm: convertLastfm,
  pinterest: convertPinterest,
  sigformer: convertSigformer,
  sasrec: convertSasrec,
};

/** `node dist/benchmarks/data/convert.js NAME SOURCE OUT` */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, source, out] = process.argv.slice(2);
  const convert = converters[name];
  if (!convert || !source || !out) {
    console.error(`Usage: convert.js ${Object.keys(converters).join('|')} SOURCE OUT`);
    process.exitCode = 2;
  } else {
    mkdirSync(out, { recursive: true });
    for (const [file, rows] of Object.entries(await convert(source, out))) console.error(`${file}: ${rows} rows`);
  }
}
