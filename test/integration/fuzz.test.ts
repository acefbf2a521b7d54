import * as fc from 'fast-check';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FuzzedReader, fuzzedReaders } from '../../benchmarks/fuzz/readers.js';
import { writeSpecimens } from '../../benchmarks/fuzz/specimens.js';
import { isFinding, trial } from '../../benchmarks/fuzz/trial.js';
import { BoardwalkError } from '../../src/errors.js';
import { type Manifest, readManifest } from '../../src/graph/manifest.js';
import { openGraph } from '../../src/graph/open.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-fuzz-'));
const specimens = join(folder, 'specimens');
const scratch = join(folder, 'scratch');
beforeAll(() => writeSpecimens(specimens, 5, false));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readers = fuzzedReaders(false);
const sources = readers.filter(({ specimen }) => specimen.startsWith('sources/'));
// A build takes as long as a hundred other readings: here some of every role and format, all in the benchmark.
const builds = sources.filter((_, index) => index % 5 === 0);
const tried = [...readers.filter((reader) => !sources.includes(reader)), ...builds];

/** Gives the error that a reader refuses a file with, or null where it reads it; throws anything else. */
async function refusal(reader: FuzzedReader, path: string): Promise<BoardwalkError | null> {
  try {
    await reader.read(path, specimens);
    return null;
  } catch (error) {
    if (error instanceof BoardwalkError) return error;
    throw error;
  }
}

describe('every reader', () => {
  test('reads what is whole', async () => {
    for (const reader of tried) {
      const path = join(scratch, 'whole', basename(reader.specimen));
      cpSync(join(specimens, reader.specimen), path, { recursive: true });
      expect(await refusal(reader, path), reader.name).toBeNull();
    }
  });

  test('gives a right result or one error that names the file, however a file is damaged', async () => {
    for (const reader of tried)
      for (let number = 0; number < (builds.includes(reader) ? 1 : 25); number++) {
        const done = await trial(reader, number, { specimens, scratch, seed: 99 });
        if (isFinding(done)) expect.fail(`${reader.name}, trial ${number}: ${done.outcome}: ${done.detail}`);
      }
  });

  test('refuses bytes that are nothing at all, and names the file', async () => {
    mkdirSync(scratch, { recursive: true });
    // Text formats may read anything as rows, and what has no ending is a folder.
    const file = fc.constantFrom(...tried.filter(({ specimen }) => /\.(gz|parquet|arrow|safetensors)$/.test(specimen)));
    await fc.assert(
      fc.asyncProperty(file, fc.uint8Array({ maxLength: 200 }), async (reader, bytes) => {
        const path = join(scratch, basename(reader.specimen));
        writeFileSync(path, bytes);
        expect((await refusal(reader, path))?.message).toContain(path);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a manifest', () => {
  test('with any value in any place is refused, or describes the same graph', async () => {
    const path = join(scratch, 'manifest');
    cpSync(join(specimens, 'graph'), path, { recursive: true });
    const whole = readManifest(path);
    const field = fc.constantFrom(...(Object.keys(whole) as (keyof Manifest)[]));
    await fc.assert(
      fc.asyncProperty(field, fc.jsonValue({ maxDepth: 2 }), async (key, value) => {
        writeFileSync(join(path, 'manifest.json'), JSON.stringify({ ...whole, [key]: value }));
        try {
          const graph = await openGraph(path, { checksums: true });
          expect([graph.id, graph.pins.size]).toEqual([whole.id, whole.counts.pins]);
        } catch (error) {
          if (!(error instanceof BoardwalkError)) throw error;
          expect(error.message).toContain(path);
        }
      }),
      { numRuns: 150 },
    );
  });
});
