import { createHash } from 'node:crypto';
import { pieces, withFileBytes } from '../data/file-bytes.js';
import type { ModelSpec } from './spec.js';

/** JSON with the keys of every object in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * A model's id: the first 16 hexadecimal digits of SHA-256 over its spec, without provenance, and its weights, which are
 * read piece by piece.
 */
export function modelId(spec: ModelSpec, weightsPath: string): string {
  const { provenance: _, ...what } = spec;
  const hash = createHash('sha256').update(canonicalJson(what));
  withFileBytes(weightsPath, (weights) => {
    for (const piece of pieces(weights)) hash.update(piece);
  });
  return hash.digest('hex').slice(0, 16);
}
