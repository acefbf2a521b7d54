import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeJson } from '../../src/registry/json-file.js';
import { modelFormat } from '../../src/registry/spec.js';

const program = fileURLToPath(new URL('../../bin/boardwalk.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'boardwalk-unwritable-'));
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  mkdirSync(at('inner'));
  writeFileSync(at('edges.csv'), 'board_id,pin_id\nb1,p1\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function boardwalk(words: readonly string[], user: { uid?: number } = {}): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], user, (error, _stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stderr }),
    );
  });
}

/** Graph and model do not exist, so that only a check before all work can speak of --out. */
const commands = {
  train: ['train', '--graph', at('none')],
  build: ['build', '--edges', at('edges.csv')],
  split: ['split', at('none')],
  prune: ['prune', at('none')],
  relate: ['relate', at('none'), '--with', `again=${at('none')}`],
  import: ['import', 'debian', '--packages', at('none')],
  export: ['export', '--model', at('none'), '--to', 'arrow'],
  embed: ['embed', '--graph', at('none'), '--model', at('none')],
  recommend: ['recommend', '--graph', at('none'), '--boards', at('none.csv'), '--method', 'rp3beta'],
  topics: ['topics', at('none')],
  neighbourhood: ['neighbourhood', at('none'), '--pin', 'p1'],
};
const folders = ['train', 'build', 'split', 'prune', 'relate', 'import'] as const;
const files = ['export', 'embed', 'recommend', 'topics', 'neighbourhood'] as const;

async function refuses(name: keyof typeof commands, out: string, why: RegExp): Promise<void> {
  const { code, stderr } = await boardwalk([...commands[name], '--out', out]);
  const last = stderr.trim().split('\n').at(-1);
  expect([code, last], `${name} ${out}`).toEqual([2, expect.stringMatching(why)]);
  expect(last).toContain(`boardwalk: ${out} cannot be written: `);
}

describe('a place where no folder can be made', () => {
  it.each(folders)('is refused by %s before it begins', async (name) => {
    await refuses(name, join(at('edges.csv'), 'y'), /edges\.csv is no folder\. Choose another folder/);
    await refuses(name, join(at('edges.csv'), 'x', 'y'), /edges\.csv is no folder/);
    if (process.platform === 'linux') {
      await refuses(name, '/dev/null/y', /null is no folder/);
      await refuses(name, '/proc/x/y', /ENOENT.*Choose another folder/);
    }
    expect(readdirSync(folder).sort()).toEqual(['edges.csv', 'inner']);
  });
});

describe('a place where no file can be written', () => {
  it.each(files)('is refused by %s before it begins', async (name) => {
    await refuses(name, join(at('nodir'), 'x.csv'), /there is no folder .*nodir\. Make it/);
    // Lists are written by the name's ending.
    mkdirSync(at('inner.csv'), { recursive: true });
    await refuses(name, at('inner.csv'), /it is a folder\. Name a file in it/);
    rmSync(at('inner.csv'), { recursive: true });
    expect(readdirSync(folder).sort()).toEqual(['edges.csv', 'inner']);
  });
});

/** Root may write anywhere. */
const anyone = process.getuid?.() === 0 ? { uid: 65_534 } : {};

describe('a model in a folder that may not be written', () => {
  it.each(['embed', 'rank'])('is refused by %s before it begins', async (name) => {
    const model = join(at('shared'), 'model');
    mkdirSync(model, { recursive: true });
    writeJson(join(model, 'spec.json'), { format: modelFormat, graph_id: 'g', pinsage: {} });
    writeJson(join(model, 'metrics.json'), {});
    writeFileSync(join(model, 'weights.safetensors'), 'weights');
    chmodSync(folder, 0o755);
    chmodSync(at('shared'), 0o555);
    chmodSync(model, 0o555);
    const { code, stderr } = await boardwalk([name, '--graph', at('none'), '--model', model], anyone);
    chmodSync(at('shared'), 0o755);
    chmodSync(model, 0o755);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/model cannot be renewed: EACCES.*right to write in/)]);
    rmSync(at('shared'), { recursive: true });
  });
});
