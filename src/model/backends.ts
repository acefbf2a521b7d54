import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as nodeUtil from 'node:util';
import { BoardwalkError } from '../errors.js';
import { refuseFullHeap, wasmBackend } from './arithmetic/wasm-heap.js';
import { tensorModule } from './arithmetic/wasm-module.js';

export type BackendName = 'wasm' | 'node' | 'gpu' | 'webgpu' | 'cpu';
export const backendNames: readonly ('auto' | BackendName)[] = ['auto', 'gpu', 'webgpu', 'node', 'wasm', 'cpu'];

/** A tensor backend that is loaded and chosen. One process has one at a time. */
export interface Backend {
  readonly name: BackendName;
  /** One line for people: library, version, what computes. */
  readonly description: string;
  /** True where equal seeds give equal bits. */
  readonly deterministic: boolean;
}

const require = createRequire(import.meta.url);

const packages = {
  gpu: '@tensorflow/tfjs-node-gpu',
  node: '@tensorflow/tfjs-node',
  webgpu: '@tensorflow/tfjs-backend-webgpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs-backend-cpu',
} as const;

function missing(name: BackendName, sentence: string, cause?: unknown): BoardwalkError {
  return new BoardwalkError('backend_missing', sentence, { field: 'backend' }, { cause: cause ?? name });
}

/** Kernels register with one core; a second copy of it would hold tensors that the first cannot see. */
function assertOneCore(entry: string): void {
  const own = require.resolve('@tensorflow/tfjs-core');
  const theirs = createRequire(entry).resolve('@tensorflow/tfjs-core');
  if (own === theirs) return;
  const version = createRequire(entry)('@tensorflow/tfjs-core/package.json').version;
  throw new BoardwalkError(
    'mismatch',
    `Two copies of @tensorflow/tfjs-core are installed (${tf.version_core} and ${version}): install every ` +
      `@tensorflow package in version ${tf.version_core}.`,
    { file: theirs },
  );
}

/** The file that a backend's package starts from; undefined where it is not installed. */
function entryOf(name: BackendName): string | undefined {
  try {
    return require.resolve(packages[name]);
  } catch {
    return undefined;
  }
}

/** Loads a backend's package; undefined where it is not installed, or its native part does not load. */
async function load(name: BackendName): Promise<Record<string, unknown> | undefined> {
  const entry = entryOf(name);
  if (entry === undefined) return undefined;
  assertOneCore(entry);
  const loaded = await import(pathToFileURL(entry).href);
  return loaded.default ?? loaded;
}

/** The native binding calls two functions that Node 24 no longer has. */
function restoreRemovedUtilities(): void {
  const removed: Record<string, (value: unknown) => boolean> = {
    isArray: Array.isArray,
    isNullOrUndefined: (value) => value === null || value === undefined,
  };
  const util = (nodeUtil as { default?: object }).default ?? nodeUtil;
  for (const [name, replacement] of Object.entries(removed))
    if (!(name in util)) Object.defineProperty(util, name, { value: replacement, configurable: true });
}

async function openWasm(): Promise<Backend> {
  const library = await load('wasm');
  if (!library)
    throw missing(
      'wasm',
      `The wasm backend is missing: install it with \`npm install ${packages.wasm}@${tf.version_core}\`.`,
    );
  (library.setWasmPaths as (directory: string) => void)(join(dirname(require.resolve(packages.wasm)), '/'));
  shareClonedArrays();
  await choose('wasm');
  refuseFullHeap(wasmBackend());
  return {
    name: 'wasm',
    description: `tfjs ${tf.version_core} on WebAssembly${(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? simd() : ''}`,
    deterministic: true,
  };
}

const simd = (): string => (tensorModule().fused ? ' SIMD, fused multiply-add' : ' SIMD');

/** The wasm backend copies an array to clone a tensor, and gradients clone what they save: share it instead. */
function shareClonedArrays(): void {
  tf.unregisterKernel('Identity', 'wasm');
  tf.registerKernel({
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
      (backend as tf.KernelBackend).incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}

/** Both native packages register the backend name "tensorflow". */
async function openNative(name: 'node' | 'gpu', required: boolean): Promise<Backend | undefined> {
  restoreRemovedUtilities();
  // oneDNN's products are a sixth faster in a training step; TensorFlow leaves them off on processors without AVX-512.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  // Warnings and errors; its notes would come on every start.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  let library: Record<string, unknown> | undefined;
  let cause: unknown;
  try {
    // Loading one package after the other would register the same name twice.
    library = tf.findBackend('tensorflow') && entryOf(name) !== undefined ? {} : await load(name);
  } catch (error) {
    if (error instanceof BoardwalkError) throw error;
    cause = error;
  }
  const backend =
    library && (tf.findBackend('tensorflow') as { isGPUPackage?: boolean; isUsingGpuDevice?: boolean } | null);
  if (!backend) {
    if (!required) return undefined;
    throw missing(name, installSentence(name, cause !== undefined), cause);
  }
  if (name === 'gpu' && !backend.isUsingGpuDevice) {
    if (!required) return undefined;
    throw missing(
      name,
      `${packages.gpu} is installed but finds no CUDA device: install an NVIDIA driver, CUDA 11.2 and cuDNN 8.1, or use --backend node.`,
    );
  }
  await choose('tensorflow');
  return {
    name,
    description: `tfjs-node ${tf.version_core} on ${name === 'gpu' ? 'CUDA' : 'CPU'}`,
    deterministic: name === 'node' && process.env.TF_NUM_INTRAOP_THREADS === '1',
  };
}

function installSentence(name: 'node' | 'gpu' | 'webgpu', broken: boolean): string {
  const wanted =
    name === 'webgpu' ? `${packages.webgpu}@${tf.version_core} webgpu` : `${packages[name]}@${tf.version_core}`;
  return broken
    ? `${packages[name]} is installed but its native library does not load: reinstall it with \`npm install ${wanted}\`.`
    : `The ${name} backend is missing: install it with \`npm install ${wanted}\`.`;
}

/** The parts of the browser's WebGPU objects that are asked here. */
interface Gpu {
  requestAdapter(): Promise<{ readonly info: { description: string; isFallbackAdapter: boolean } } | null>;
}

/** tfjs looks for a browser's navigator; the webgpu package offers the same objects on Node. */
async function browserGpu(): Promise<Gpu> {
  const browser = (globalThis as { navigator?: object }).navigator;
  if (browser && 'gpu' in browser) return browser.gpu as Gpu;
  const dawn = await import(pathToFileURL(require.resolve('webgpu')).href);
  const gpu: Gpu = dawn.create([]);
  Object.assign(globalThis, dawn.globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
  Object.defineProperty(globalThis, 'window', { value: globalThis, configurable: true });
  return gpu;
}

/** Unless it is asked for, a driver that computes on the processor does not count. */
async function openWebGpu(required: boolean): Promise<Backend | undefined> {
  let gpu: Gpu | undefined;
  let cause: unknown;
  try {
    gpu = entryOf('webgpu') === undefined ? undefined : await browserGpu();
  } catch (error) {
    cause = error;
  }
  if (!gpu) {
    if (!required) return undefined;
    throw missing('webgpu', installSentence('webgpu', false), cause);
  }
  const adapter = await gpu.requestAdapter();
  if (!adapter || (adapter.info.isFallbackAdapter && !required)) {
    if (!required) return undefined;
    throw missing(
      'webgpu',
      'WebGPU finds no graphics adapter here: install its Vulkan driver and loader (Debian: libvulkan1, libegl1), or use --backend wasm.',
    );
  }
  await load('webgpu');
  await choose('webgpu');
  return {
    name: 'webgpu',
    description: `tfjs ${tf.version_core} on WebGPU, ${adapter.info.description}`,
    deterministic: false,
  };
}

async function openCpu(): Promise<Backend> {
  if (!(await load('cpu')))
    throw missing(
      'cpu',
      `The cpu backend is missing: install it with \`npm install ${packages.cpu}@${tf.version_core}\`.`,
    );
  await choose('cpu');
  return { name: 'cpu', description: `tfjs ${tf.version_core} in plain JavaScript`, deterministic: true };
}

async function choose(registered: string): Promise<void> {
  if (!(await tf.setBackend(registered)))
    throw new BoardwalkError(
      'backend_missing',
      `The tensor backend ${registered} is installed but does not start here: choose another with --backend.`,
    );
  await tf.ready();
}

/**
 * Opens a tensor backend. `auto` takes CUDA where tfjs-node-gpu finds a device, else WebGPU where it finds one, else
 * tfjs-node, else wasm.
 * Throws `backend_missing` with the command that installs what was asked for.
 */
export async function openBackend(name: 'auto' | BackendName = 'auto'): Promise<Backend> {
  tf.env().set('PROD', true);
  switch (name) {
    case 'auto':
      return (
        (await openNative('gpu', false)) ??
        (await openWebGpu(false)) ??
        (await openNative('node', false)) ??
        (await openWasm())
      );
    case 'gpu':
    case 'node':
      return (await openNative(name, true)) as Backend;
    case 'webgpu':
      return (await openWebGpu(true)) as Backend;
    case 'cpu':
      return openCpu();
    case 'wasm':
      return openWasm();
    default:
      throw new BoardwalkError(
        'bad_option',
        `There is no backend "${String(name)}": choose one of ${backendNames.join(', ')}.`,
        { field: 'backend' },
      );
  }
}
