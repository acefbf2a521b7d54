import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPinSage, savePinSage } from '../../src/model/model-file.js';
import { readTensorFile, writeTensorFile } from '../../src/model/safetensors.js';
import { pinSageDefaults, pinSageSpec } from '../../src/model/spec.js';
import type { PinSageModel } from '../../src/model/weights.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'boardwalk-weights-'));
  path = join(directory, 'weights.safetensors');
});
afterEach(() => rmSync(directory, { recursive: true }));

const model: PinSageModel = {
  spec: pinSageSpec({ hidden: 8, features: { width: 4 } }),
  features: { columns: [], text: false, ids: true, logDegree: { mean: 1.5, deviation: 0.25 } },
  weights: new Map([['ids', { shape: [2, 3], values: Float32Array.of(1, -2, 0.1, 4, 5, 6) }]]),
};

it('opens a model as it was saved', async () => {
  await savePinSage(path, model);
  expect(openPinSage(path)).toEqual(model);
});

it('gives a model from before an option existed the default', async () => {
  const { aggregator: _aggregator, pooling: _pooling, features, ...older } = model.spec;
  const { idDropout: _idDropout, ...olderFeatures } = features;
  await savePinSage(path, { ...model, spec: { ...older, features: olderFeatures } as PinSageModel['spec'] });
  expect(openPinSage(path)).toEqual(model);
});

it('keeps every float and name', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.string(), fc.float32Array({ maxLength: 9 })), { selector: ([name]) => name }),
      async (arrays) => {
        const named = arrays.filter(([name]) => name !== '__metadata__' && name !== '__proto__');
        const weights = new Map(named.map(([name, values]) => [name, { shape: [values.length], values }]));
        await writeTensorFile(path, { weights, metadata: { a: 'b' } });
        const read = readTensorFile(path);
        expect(read.metadata).toEqual({ a: 'b' });
        expect(new Map([...read.weights].sort())).toEqual(new Map([...weights].sort()));
      },
    ),
    { numRuns: 40 },
  );
});

it('lays arrays out as the safetensors format says', async () => {
  await savePinSage(path, model);
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  expect(header.ids).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
  expect(bytes.readFloatLE(8 + length + 4)).toBe(-2);
  expect((8 + length) % 8).toBe(0);
});

it('names what is wrong with a file', async () => {
  expect(() => openPinSage(path)).toThrow(expect.objectContaining({ code: 'not_found' }));
  await savePinSage(path, model);
  const whole = readFileSync(path);
  for (const size of [4, 40, whole.length - 1]) {
    writeFileSync(path, whole.subarray(0, size));
    expect(() => openPinSage(path)).toThrow(expect.objectContaining({ code: 'bad_file', subject: { file: path } }));
  }
  await writeTensorFile(path, { weights: new Map(), metadata: { format: 'other' } });
  expect(() => openPinSage(path)).toThrow(expect.objectContaining({ code: 'format_version' }));
});

it('opens a file that is larger than one read, and tells a folder from none', () => {
  const damaged = (why: RegExp): void =>
    expect(() => openPinSage(path)).toThrow(
      expect.objectContaining({ code: 'bad_file', message: expect.stringMatching(why) }),
    );
  writeFileSync(path, '');
  // A hole, which takes no room.
  truncateSync(path, 2 ** 32);
  damaged(/JSON/);
  rmSync(path);
  mkdirSync(path);
  damaged(/EISDIR/);
});

it('fills a spec with defaults, freezes it and names a wrong field', () => {
  const spec = pinSageSpec({ features: { width: 3 } });
  expect(spec).toEqual({ ...pinSageDefaults, features: { ...pinSageDefaults.features, width: 3 } });
  expect(Object.isFrozen(spec) && Object.isFrozen(spec.features)).toBe(true);
  const wrong: [object, string][] = [
    [{ hidden: 0 }, 'hidden'],
    [{ neighbourDropout: 1.5 }, 'neighbourDropout'],
    [{ features: { width: 'wide' } }, 'features.width'],
    [{ loss: 'squared' }, 'loss'],
  ];
  for (const [partial, field] of wrong)
    expect(() => pinSageSpec(partial)).toThrow(expect.objectContaining({ code: 'bad_option', subject: { field } }));
  expect(() => pinSageSpec({ hiden: 3 } as object)).toThrow(/hiden|additional/);
});
