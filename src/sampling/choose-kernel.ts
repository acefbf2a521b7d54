import { BoardwalkError } from '../errors.js';
import { isLive, type WalkedGraph } from '../graph/walk-rows.js';
import type { WalkKernel } from './kernel.js';
import { typescriptKernel } from './typescript-kernel.js';
import { wasmKernel } from './wasm-kernel.js';

export const kernelNames = ['auto', 'wasm', 'typescript'] as const;

export type KernelName = (typeof kernelNames)[number];

export interface KernelChoice {
  readonly name: WalkKernel['name'];
  /** Why, in a clause for people. */
  readonly reason: string;
}

/** Set to one of the kernels' names, this decides where `auto` would. */
const variable = 'BOARDWALK_KERNEL';

function wanted(name: KernelName): KernelName {
  if (name !== 'auto') return name;
  const named = process.env[variable] ?? 'auto';
  if ((kernelNames as readonly string[]).includes(named)) return named as KernelName;
  throw new BoardwalkError('bad_option', `${variable} must be one of ${kernelNames.join(', ')}, not "${named}".`, {
    field: variable,
  });
}

function hasNoEdges(graph: WalkedGraph): boolean {
  return !isLive(graph) && graph.pins.neighbours.length === 0;
}

/** The kernel that walks a graph: WebAssembly's where the graph lies in its memory, unless another is asked for. */
export function chooseKernel(graph: WalkedGraph, name: KernelName = 'auto'): KernelChoice {
  const asked = wanted(name);
  if (asked !== 'auto') return { name: asked, reason: 'it was asked for' };
  if (graph.memory) return { name: 'wasm', reason: "the graph lies in WebAssembly's shared memory" };
  if (hasNoEdges(graph)) return { name: 'typescript', reason: 'the graph has no edges to walk' };
  return {
    name: 'typescript',
    reason: "the graph does not fit WebAssembly's 4 GiB, or the host grants no shared memory of that kind",
  };
}

export function walkKernelFor(graph: WalkedGraph, name: KernelName = 'auto'): WalkKernel {
  return chooseKernel(graph, name).name === 'wasm' ? wasmKernel(graph) : typescriptKernel(graph);
}
