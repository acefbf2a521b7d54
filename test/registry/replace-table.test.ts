import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEmbeddingTable } from '../../src/embedding/table-file.js';
import type { EmbeddingTable } from '../../src/embedding/table.js';
import { readJson, writeJson } from '../../src/registry/json-file.js';
import { checkModelFiles, writeChecksums } from '../../src/registry/model-checksums.js';
import { openOwnTable, readModelDirectory, readSummary } from '../../src/registry/model.js';
import { replaceTable } from '../../src/registry/replace-table.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-replace-table-'));
const at = (...names: string[]): string => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

const tableOf = (modelId: string, value: number): EmbeddingTable => ({
  modelId,
  graphId: 'g',
  dimension: 2,
  metric: 'cosine',
  pinIds: ['a', 'b'],
  vectors: Float32Array.of(value, 1, 0, 1),
});

/** What replacing a table reads of a model. */
let id: string;
beforeAll(async () => {
  mkdirSync(at('model'));
  writeJson(at('model', 'spec.json'), { format: 1, graph_id: 'g', pinsage: { dimension: 2, normalise: true } });
  writeFileSync(at('model', 'weights.safetensors'), 'weights');
  for (const name of ['metrics', 'ranker']) writeJson(at('model', `${name}.json`), { name });
  id = readSummary(at('model')).id;
  await writeEmbeddingTable(at('model', 'embedding.arrow'), tableOf(id, 1));
  writeChecksums(at('model'));
});

const recorded = (name: string): string[] => Object.keys(readJson<object>(at(name, 'checksums.json'))).sort();

describe('a table that is replaced', () => {
  it('takes with it what a killed run has left half written', async () => {
    cpSync(at('model'), at('killed'), { recursive: true });
    for (const left of ['embedding.arrow.part', 'index.usearch.new', 'checksums.json.part'])
      writeFileSync(at('killed', left), 'half');
    writeChecksums(at('killed'));
    const whole = ['embedding.arrow', 'metrics.json', 'ranker.json', 'spec.json', 'weights.safetensors'];
    expect(recorded('killed')).toEqual(whole);
    await replaceTable(at('killed'), tableOf(id, 2), null);
    expect(readdirSync(at('killed')).sort()).toEqual(['checksums.json', ...whole]);
    checkModelFiles(at('killed'));
  });

  it('opens where an earlier version has recorded what was half written', () => {
    cpSync(at('model'), at('stray'), { recursive: true });
    const file = at('stray', 'checksums.json');
    writeJson(file, { ...readJson<object>(file), 'embedding.arrow.part': { bytes: 1, crc32: '00000000' } });
    expect(existsSync(at('stray', 'embedding.arrow.part'))).toBe(false);
    checkModelFiles(at('stray'));
  });

  it('is refused where another file is damaged, which is not recorded as good', async () => {
    cpSync(at('model'), at('damaged'), { recursive: true });
    writeJson(at('damaged', 'ranker.json'), { name: 'RANKER' });
    const before = readFileSync(at('damaged', 'checksums.json'));
    await expect(replaceTable(at('damaged'), tableOf(id, 2), null)).rejects.toMatchObject({
      code: 'checksum',
      subject: { file: at('damaged', 'ranker.json') },
    });
    writeChecksums(at('damaged'));
    expect(readFileSync(at('damaged', 'checksums.json'))).toEqual(before);
  });

  it('gives checksums to a model from before there were any', async () => {
    cpSync(at('model'), at('older'), { recursive: true });
    rmSync(at('older', 'checksums.json'));
    await replaceTable(at('older'), tableOf(id, 2), { mean_cosine: 1 });
    expect(recorded('older')).toEqual([...recorded('model'), 'drift.json'].sort());
    checkModelFiles(at('older'));
  });

  it('is refused where another model has come to lie meanwhile, and that is left as it is', async () => {
    cpSync(at('model'), at('another'), { recursive: true });
    rmSync(at('another', 'checksums.json'));
    writeFileSync(at('another', 'weights.safetensors'), 'other weights');
    const before = readFileSync(at('another', 'embedding.arrow'));
    await expect(replaceTable(at('another'), tableOf(id, 2), null)).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringMatching(new RegExp(`in place of ${id}.*Repeat the command`)),
      subject: { file: at('another') },
    });
    expect(readFileSync(at('another', 'embedding.arrow'))).toEqual(before);
    await expect(openOwnTable(at('another'))).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringMatching(/, not of .*make them again with `boardwalk embed`/),
      subject: { file: at('another', 'embedding.arrow') },
    });
  });
});

describe('a model directory', () => {
  it('is read as one model where another takes its place meanwhile', async () => {
    cpSync(at('model'), at('raced'), { recursive: true });
    cpSync(at('model'), at('other'), { recursive: true });
    rmSync(at('other', 'checksums.json'));
    writeFileSync(at('other', 'weights.safetensors'), 'other weights');
    const other = readSummary(at('other')).id;
    const seen: string[] = [];
    const read = readModelDirectory(at('raced'), (place, summary) => {
      if (seen.push(summary.id) === 1) {
        rmSync(at('raced'), { recursive: true });
        renameSync(at('other'), at('raced'));
      }
      return [summary.id, readFileSync(join(place, 'weights.safetensors'), 'utf8')];
    });
    expect([read, seen]).toEqual([
      [other, 'other weights'],
      [id, other],
    ]);
  });

  it('that a killed run has moved aside is read where it lies', async () => {
    cpSync(at('model'), at('.aside.replaced-1073741824-0a1b2c3d'), { recursive: true });
    expect(readSummary(at('aside'))).toEqual({ ...readSummary(at('model')), directory: at('aside') });
    expect((await openOwnTable(at('aside'))).modelId).toBe(id);
    expect(existsSync(at('aside'))).toBe(false);
  });
});
