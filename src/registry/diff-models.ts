import type { ModelSummary } from './model.js';

export interface Difference {
  /** Dotted path, such as `pinsage.epochs` or `metrics.methods.recommender.recall@20`. */
  readonly field: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** The leaves of nested objects and arrays by their dotted path. */
function leaves(value: unknown, path: string, into: Map<string, unknown>): Map<string, unknown> {
  if (value === null || typeof value !== 'object') return into.set(path, value);
  for (const [key, inner] of Object.entries(value)) leaves(inner, path === '' ? key : `${path}.${key}`, into);
  return into;
}

function described({ id, spec, metrics }: ModelSummary): Map<string, unknown> {
  return leaves({ id, ...spec, provenance: null, metrics }, '', new Map());
}

/** In what two models differ: id, spec and figures; not when and how fast they were made. */
export function differences(a: ModelSummary, b: ModelSummary): Difference[] {
  const left = described(a);
  const right = described(b);
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((field) => left.get(field) !== right.get(field))
    .map((field) => ({ field, a: left.get(field) ?? null, b: right.get(field) ?? null }));
}
