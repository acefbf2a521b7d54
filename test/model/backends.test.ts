import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type BackendName, openBackend } from '../../src/model/backends.js';

const require = createRequire(import.meta.url);

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

describe.each(['wasm', 'cpu'] as const)('%s', (name) => {
  it('opens and computes', async () => {
    const backend = await openBackend(name);
    expect(backend).toMatchObject({ name, deterministic: true });
    expect(tf.getBackend()).toBe(name);
    expect([...tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()]).toEqual([11]);
  });
});

it('opens whatever auto finds', async () => {
  expect(['gpu', 'webgpu', 'node', 'wasm']).toContain((await openBackend('auto')).name);
});

it('shares the array of a cloned tensor in wasm, and frees it with the last', async () => {
  await openBackend('wasm');
  const before = tf.memory().numBytes;
  const x = tf.tensor1d([1, 2, 3]);
  const copy = tf.clone(x);
  x.dispose();
  expect([...copy.dataSync()]).toEqual([1, 2, 3]);
  copy.dispose();
  expect(tf.memory().numBytes).toBe(before);
});

const optional: [BackendName, string][] = [
  ['node', '@tensorflow/tfjs-node'],
  ['gpu', '@tensorflow/tfjs-node-gpu'],
  ['webgpu', '@tensorflow/tfjs-backend-webgpu'],
];

describe.each(optional.filter(([, name]) => !isInstalled(name)))('%s, which is not installed', (name, wanted) => {
  it('says in one sentence what to install', async () => {
    const error = await openBackend(name).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'backend_missing', subject: { field: 'backend' } });
    expect((error as Error).message).toMatch(/^The \w+ backend is missing: install it with `npm install [^`]+`\.$/);
    expect((error as Error).message).toContain(`${wanted}@4.22.0`);
  });
});

it('refuses a name that it does not know', async () => {
  await expect(openBackend('tpu' as never)).rejects.toMatchObject({ code: 'bad_option' });
});
