import { BoardwalkError } from '../../src/errors.js';
import { type Backend, type BackendName, openBackend } from '../../src/model/backends.js';

const names: readonly BackendName[] = ['wasm', 'cpu', 'node', 'gpu', 'webgpu'];

export interface BackendsFound {
  readonly found: readonly Backend[];
  /** Why each of the others is not here. */
  readonly absent: readonly (readonly [BackendName, string])[];
}

/** Opens every backend that this machine has. Prints what was found and what was not, and why. */
export async function backendsFound(): Promise<BackendsFound> {
  const found: Backend[] = [];
  const absent: (readonly [BackendName, string])[] = [];
  for (const name of names)
    try {
      found.push(await openBackend(name));
    } catch (error) {
      if (!(error instanceof BoardwalkError) || error.code !== 'backend_missing') throw error;
      absent.push([name, error.message]);
    }
  for (const { name, description } of found) console.log(`backend ${name}: ${description}`);
  for (const [name, why] of absent) console.log(`backend ${name} is NOT TESTED: ${why}`);
  return { found, absent };
}
