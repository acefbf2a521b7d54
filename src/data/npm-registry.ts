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
  /** Whether the registry has answered before: one that has not is not waited for where nobody listens at its address. */
  known?: boolean;
  /** Told of every failure that is followed by another try. */
  note?: (line: string) => void;
  signal?: AbortSignal;
}

export const registryDefaults = { retries: 6, firstWait: 1000 };

/** How connecting fails where an address is wrong, or where what it names does not run. */
const nobodyThere = new Set(['ECONNREFUSED', 'ENOTFOUND']);

/** What lies under a "fetch failed". */
const codeUnder = (error: unknown): string => ((error as Error).cause as NodeJS.ErrnoException)?.code ?? '';

function reasonOf(error: Error): string {
  const code = codeUnder(error);
  return code === '' ? error.message : `${error.message} (${code})`;
}

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
  const response = await fetch(address, { headers: { accept: 'application/json' }, signal });
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
  const { registry, retries, firstWait, known = true, note, signal } = options;
  const address = manifestAddress(registry, name);
  try {
    return await pRetry(() => once(address, signal), {
      retries,
      minTimeout: firstWait,
      factor: 2,
      maxTimeout: longestWait,
      randomize: true,
      shouldRetry: ({ error, retriesLeft }) => {
        if (!known && nobodyThere.has(codeUnder(error))) return false;
        note?.(`${address}: ${reasonOf(error)}; tries left: ${retriesLeft}`);
        return true;
      },
      signal,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new BoardwalkError(
      'network',
      `${name} could not be read from ${registry}: ${reasonOf(cause as Error)}. Run the same command later, for what is ` +
        'read is kept, or name another registry with --registry.',
      { field: 'registry' },
      { cause },
    );
  }
}
