import { pinBoardSizes, writePinBoardFiles } from '../fixtures/pin-board-files.js';

/** `node dist/benchmarks/data/generate.js EDGES OUT [SEED]` writes the Parquet files of a generated graph. */
async function main([edges, out, seed = '1']: readonly string[]): Promise<number> {
  if (!/^\d+$/.test(edges ?? '') || !out || !/^\d+$/.test(seed)) {
    console.error('node dist/benchmarks/data/generate.js EDGES OUT [SEED], EDGES being a number of rows.');
    return 2;
  }
  const options = { ...pinBoardSizes(Number(edges)), seed: Number(seed) };
  const files = await writePinBoardFiles(out, options);
  console.log(JSON.stringify({ ...options, files }));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
