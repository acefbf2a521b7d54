import { workerData } from 'node:worker_threads';
import type { EmbeddingWork } from '../src/embedding/embedding-threads.js';
import { type BlockTask, layerSteps } from '../src/embedding/layer-steps.js';
import { openBackend } from '../src/model/backends.js';
import { openEncoder } from '../src/model/open-encoder.js';

const { spec, weights, memory } = workerData as EmbeddingWork;
await openBackend('wasm');
const perform = layerSteps(openEncoder(spec, weights), memory);

export function block(task: BlockTask): Promise<void> {
  return perform(task);
}
