import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTrainConfig } from '../../../src/pipeline/spec/train-config.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-train-config-'));
const file = join(folder, 'config.json');
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string): unknown {
  writeFileSync(file, text);
  return readTrainConfig(file);
}

describe('a config file', () => {
  it('is read as it stands, a byte order mark or not', () => {
    const spec = { pinsage: { epochs: 8 }, sources: ['ease', 'pixie'], blend: { diversity: { longestRun: 0 } } };
    expect(read(JSON.stringify(spec, null, 2))).toEqual(spec);
    expect(read(`\uFEFF${JSON.stringify(spec)}`)).toEqual(spec);
  });

  it.each([
    ['{"a": 1,}', 'line 1, column 9, } cannot stand there'],
    ['{\n  "a": [1, 2e3, -0.5, true, null],\n  "b": yes\n}', 'line 3, column 8, yes cannot stand there'],
    ['{\n  "a": 1\n  "b": 2\n}\n', 'line 3, column 3, "b" cannot stand there'],
    ["{'a': 1}", "line 1, column 2, 'a' cannot stand there"],
    ['{"a": {"b": [[], {}]}', 'line 1, column 22, the file ends too early'],
    ['{"a": "tab\there"}', 'line 1, column 7, "tab\there" cannot stand there'],
    ['{"a": 01}', 'line 1, column 8, 1 cannot stand there'],
    ['{} // mine', 'line 1, column 4, // mine cannot stand there'],
    ['', 'line 1, column 1, the file ends too early'],
  ])('with a fault is named with its place: %j', (text, place) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'bad_file',
        message: `${file} is not JSON: at ${place}. Mend it there.`,
        subject: { file, row: Number(/line (\d+)/.exec(place)?.[1]) },
      }),
    );
  });

  it('that holds something else, is a folder or is missing is named as a config file', () => {
    expect(() => read('[1]')).toThrow(/holds no training spec: write one JSON object/);
    expect(() => readTrainConfig(folder)).toThrow(/The config file .* cannot be read: EISDIR/);
    expect(() => readTrainConfig(join(folder, 'nonexist.json'))).toThrow(
      expect.objectContaining({
        code: 'not_found',
        message: expect.stringMatching(/There is no config file .*nonexist\.json\. Check the path/),
      }),
    );
  });
});
