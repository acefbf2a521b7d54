import type { Encoder } from '../model/encoder.js';
import type { PinSageSpec } from '../model/spec.js';
import type { Weights } from '../model/weights.js';
import { inSharedMemory } from '../sampling/shared-arrays.js';
import { performers } from '../threads.js';
import type { BlockTask, LayerMemory } from './layer-steps.js';

/** What a thread is given: an encoder to build with its own backend, and the memory that all of them share. */
export interface EmbeddingWork {
  readonly spec: PinSageSpec;
  readonly weights: Weights;
  readonly memory: LayerMemory;
}

export interface EmbeddingThreads {
  perform(task: BlockTask): Promise<void>;
  end(): Promise<void>;
}

/** Starts threads that each hold the encoder as it is now and perform its steps over one shared memory. */
export async function startEmbedding(
  encoder: Encoder,
  memory: LayerMemory,
  threads: number,
): Promise<EmbeddingThreads> {
  const weights = new Map(
    [...(await encoder.snapshot())].map(([name, { shape, values }]) => [
      name,
      { shape, values: inSharedMemory(values) },
    ]),
  );
  const work: EmbeddingWork = { spec: encoder.spec, weights, memory };
  const { perform, end } = performers('embed', { threads, workerData: work, what: 'A thread that embeds' });
  return {
    async perform(task) {
      await perform('block', task);
    },
    end,
  };
}
