import type { EdgeList } from '../graph/adjacency.js';
import type { Backend } from '../model/backends.js';
import type { PinSageSpec } from '../model/spec.js';
import type { Progress } from '../progress.js';

export interface TrainPinSageOptions {
  spec: PinSageSpec;
  backend: Backend;
  seed: number;
  /** Edges that the graph does not hold, on which every epoch is judged. */
  validation: EdgeList;
  /** Where checkpoints and the training log (`training-log.jsonl`) are written. */
  directory: string;
  /** Go on from the checkpoint in `directory`. */
  resume?: boolean;
  /** Walk workers. */
  threads?: number;
  progress?: Progress;
  /** When aborted, training stops after the step at hand; its checkpoint is usable. */
  signal?: AbortSignal;
}
