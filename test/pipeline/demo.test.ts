import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { prepareDemo } from '../../src/pipeline/demo.js';
import { silentProgress } from '../../src/progress.js';
import { readJson, writeJson } from '../../src/registry/json-file.js';

const data = fileURLToPath(new URL('../../graph-data/debian', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'boardwalk-demo-'));
const at = (...names: string[]): string => join(directory, ...names);
afterAll(() => rmSync(directory, { recursive: true }));

/** Starts the demo and stops it as soon as it trains. */
function stopped(seed: number): Promise<unknown> {
  const controller = new AbortController();
  const note = (text: string): void => void (/(starting|going on with .*)$/.test(text) && controller.abort());
  const progress = { ...silentProgress, note };
  return prepareDemo({ data, directory, seed, backend: 'wasm', progress, signal: controller.signal });
}

it('says early that a folder cannot be written, and which flag names another', async () => {
  const file = at('file');
  writeFileSync(file, '');
  await expect(prepareDemo({ data, directory: join(file, 'below') })).rejects.toMatchObject({
    code: 'bad_option',
    message: expect.stringMatching(/below cannot be written.*--directory/),
  });
  rmSync(file);
});

describe('a demo that was stopped', () => {
  const interrupted = { code: 'interrupted' };
  const run = at('model.partial', 'run.json');

  it('starts again where it was stopped while it wrote down what it had', async () => {
    writeFileSync(at('state.json'), '');
    writeFileSync(at('evaluation.json'), '{"task": ');
    mkdirSync(at('graph'));
    await expect(stopped(1)).rejects.toMatchObject(interrupted);
    expect(readJson(at('state.json'))).toMatchObject({ key: expect.any(String) });
    expect(existsSync(at('evaluation.json'))).toBe(false);
    expect(readJson(run)).toMatchObject({ seed: 1 });
  });

  it('does not start with another seed over changes of the graph that it served, or while they are made', async () => {
    const live = await openLiveGraph(at('split', 'graph'));
    await live.addEdges({ boardIds: ['added'], pinIds: ['python3'] });
    await expect(stopped(2)).rejects.toMatchObject({ code: 'locked' });
    await live.close();
    const log = at('split', 'graph.delta');
    await expect(stopped(2)).rejects.toMatchObject({ code: 'bad_option', subject: { file: log } });
    for (const made of [log, at('graph'), run]) expect(existsSync(made)).toBe(true);
    rmSync(log, { recursive: true });
  });

  it('starts with another seed, and where training cannot go on from what it left', async () => {
    await expect(stopped(2)).rejects.toMatchObject(interrupted);
    expect(readJson(run)).toMatchObject({ seed: 2 });
    writeJson(run, { ...readJson<object>(run), spec: 'of an older version' });
    await expect(stopped(2)).rejects.toMatchObject(interrupted);
    expect(readJson(run)).toMatchObject({ spec: { pinsage: {} } });
  });

  it('evaluates again where half of an evaluation was written', async () => {
    mkdirSync(at('model'));
    writeFileSync(at('evaluation.json'), '{"task": ');
    await expect(stopped(2)).rejects.toMatchObject({ code: 'not_found', subject: { file: at('model', 'spec.json') } });
  });
});
