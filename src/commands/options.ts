import { Option } from 'commander';
import { vectorTypes } from '../embedding/vectors.js';
import type { backendNames } from '../model/backends.js';

export type BackendChoice = (typeof backendNames)[number];

// Named here and not read from there, for help needs no tensor library.
const backends = ['auto', 'gpu', 'webgpu', 'node', 'wasm', 'cpu'] as const satisfies readonly BackendChoice[];

/** `--backend`, wherever tensors are computed. */
export function backendOption(): Option {
  return new Option('--backend <name>', 'tensor backend; auto takes the fastest one found')
    .choices(backends)
    .default('auto');
}

/** `--type`, wherever an embedding table is written; `without` says what holds where it is not given. */
export function vectorTypeOption(without: string): Option {
  return new Option('--type <type>', `how vectors are kept (default: ${without})`).choices(vectorTypes);
}
