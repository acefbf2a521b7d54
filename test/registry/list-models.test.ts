import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeJson } from '../../src/registry/json-file.js';
import { modelsIn } from '../../src/registry/list-models.js';
import { modelText, readWhole } from '../../src/registry/show-model.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-list-models-'));
const at = (...names: string[]): string => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

/** What listing and showing read of a model. */
function model(name: string, created_at: string): void {
  mkdirSync(at(name));
  const provenance = { created_at, command: '', backend: 'wasm', tool_version: '', node_version: '', timings: {} };
  writeJson(at(name, 'spec.json'), { format: 1, graph_id: 'g', provenance });
  writeFileSync(at(name, 'weights.safetensors'), name);
  const methods = { recommender: { 'recall@20': 0.25 } };
  writeJson(at(name, 'metrics.json'), { task: 'board', methods, ranker: { auc: null, log_loss: 0.123456 } });
}

beforeAll(() => {
  model('old', '2024-01-01T00:00:00.000Z');
  model('new', '2025-01-01T00:00:00.000Z');
});

describe('the list of the models in a folder', () => {
  it('has the good ones, the newest first, and says of each other what is wrong with it', () => {
    const damages: Record<string, (path: string) => void> = {
      'no-weights': (path) => rmSync(join(path, 'weights.safetensors')),
      'no-json': (path) => writeFileSync(join(path, 'spec.json'), '{"format": 1,'),
      'no-methods': (path) => writeJson(join(path, 'metrics.json'), {}),
      'no-provenance': (path) => writeJson(join(path, 'spec.json'), { format: 1 }),
      'weights-folder': (path) => {
        rmSync(join(path, 'weights.safetensors'));
        mkdirSync(join(path, 'weights.safetensors'));
      },
    };
    for (const [name, damage] of Object.entries(damages)) {
      cpSync(at('old'), at(name), { recursive: true });
      damage(at(name));
    }
    mkdirSync(at('no-model'));
    for (const state of ['building', 'replaced'])
      cpSync(at('old'), at(`.old.${state}-7-0a1b2c3d`), { recursive: true });
    const { models, faults } = modelsIn(folder);
    expect(models.map(({ directory }) => directory)).toEqual([at('new'), at('old')]);
    expect(faults.map(({ name }) => name)).toEqual(Array(5).fill('BoardwalkError'));
    for (const name of Object.keys(damages))
      expect(faults.filter(({ message }) => message.includes(at(name)))).toHaveLength(1);
  });

  it('is refused of a file, and of what is not there', () => {
    expect(() => modelsIn(at('old', 'spec.json'))).toThrow(/spec\.json is no folder\. Name the folder/);
    expect(() => modelsIn(at('nowhere'))).toThrow(/There is no folder .*nowhere/);
  });
});

it('shows a figure without a value as none, and says with which settings sources are judged', () => {
  const text = modelText(readWhole(at('old')));
  expect(text).toContain('ranker auc: none');
  expect(text).toContain('ranker log_loss: 0.1235');
  expect(text).toContain('the settings\nthat serve beside the others;');
});

it('shows nothing of a model without figures', () => {
  cpSync(at('old'), at('figureless'), { recursive: true });
  const file = at('figureless', 'metrics.json');
  for (const metrics of [{}, null, { methods: { recommender: {} } }, { methods: { recommender: null }, ranker: {} }]) {
    writeJson(file, metrics);
    expect(() => readWhole(at('figureless'))).toThrow(expect.objectContaining({ code: 'bad_file', subject: { file } }));
  }
});
