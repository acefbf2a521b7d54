import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pRetry, { AbortError } from 'p-retry';
import { BoardwalkError } from '../errors.js';

/** What a registry says of a package's latest version, as far as it is read here. */
export interface NpmManifest {
  readonly name: string;
  readonly keywords?: unknown;
  readonly repository?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface RegistryOptions {
  /** Base address. */
  registry: string;
  /** Tries after the first. */
  retries: number;
  /** Milliseconds before the second try; each later wait doubles. */
  firstWait: number;
  signal?: AbortSignal;
}

export const registryDefaults = { retries: 6, firstWait: 1000 };

/** A server that asks for more patience than this is not waited for. */
const longestWait = 60_000;

/** Answers that another try would not change: no such package, or none for us. */
const absent = new Set([401, 403, 404, 410, 451]);

/** The registry that npm itself would use here. */
export async function configuredRegistry(): Promise<string> {
  const inherited = process.env.npm_config_registry;
  if (inherited) return inherited;
  try {
    // On Windows npm is a batch file, which only a shell runs.
    const options = { shell: process.platform === 'win32' };
    const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'], options);
    return stdout.trim();
  } catch (cause) {
    throw new BoardwalkError(
      'not_found',
      'npm did not say which registry it uses. Install npm, or name a registry with --registry.',
      { field: 'registry' },
      { cause },
    );
  }
}

/** Where a package's latest manifest is; the slash of a scoped name is part of the name. */
export function manifestAddress(registry: string, name: string): string {
  return `${registry.replace(/\/+$/, '')}/${name.replaceAll('/', '%2f')}/latest`;
}

async function once(address: string, signal: AbortSignal | undefined): Promise<NpmManifest | null> {
  const response = await fetch(address, { headers: { accept: 'application/json' }, ...(signal && { signal }) });
  if (response.ok) return (await response.json()) as NpmManifest;
  await response.body?.cancel();
  if (absent.has(response.status)) return null;
  const error = new Error(`${address} answers ${response.status}`);
  if (response.status !== 429 && response.status < 500) throw new AbortError(error);
  const asked = Number(response.headers.get('retry-after')) * 1000;
  if (asked > 0) await pause(Math.min(asked, longestWait), undefined, signal && { signal });
  throw error;
}

/** A package's latest manifest; null where the registry has none. Busy and failing servers are asked again, later. */
export async function latestManifest(name: string, options: RegistryOptions): Promise<NpmManifest | null> {
  const { registry, retries, firstWait, signal } = options;
  const address = manifestAddress(registry, name);
  try {
    return await pRetry(() => once(address, signal), {
      retries,
      minTimeout: firstWait,
      factor: 2,
      maxTimeout: longestWait,
      randomize: true,
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new BoardwalkError(
      'network',
      `${name} could not be read: ${(cause as Error).message}. Run the same command later: what is read is kept.`,
      { field: 'registry' },
      { cause },
    );
  }
}
