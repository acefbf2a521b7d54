import { createHash } from 'node:crypto';
import type { ModelSpec } from './spec.js';

/** JSON with the keys of every object in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A model's id: the first 16 hexadecimal digits of SHA-256 over its spec, without provenance, and its weights. */
export function modelId(spec: ModelSpec, weights: Uint8Array): string {
  const { provenance: _, ...what } = spec;
  return createHash('sha256').update(canonicalJson(what)).update(weights).digest('hex').slice(0, 16);
}
