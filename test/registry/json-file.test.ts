import { linkSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readJson, writeJson } from '../../src/registry/json-file.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-json-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('takes the place of an old file when it is whole, and never writes into that', () => {
  const path = join(folder, 'a.json');
  writeJson(path, { state: 'old' });
  linkSync(path, join(folder, 'old.json'));
  writeJson(path, { state: 'new' });
  expect(readJson(path)).toEqual({ state: 'new' });
  expect(readJson(join(folder, 'old.json'))).toEqual({ state: 'old' });
  const circle: { self?: object } = {};
  circle.self = circle;
  expect(() => writeJson(path, circle)).toThrow();
  expect(readdirSync(folder).sort()).toEqual(['a.json', 'old.json']);
});
