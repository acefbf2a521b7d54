import type { Graph } from '../graph/graph.js';
import type { PinTable } from '../graph/pin-table.js';
import { textsOf } from '../graph/pin-text.js';
import { multiplyInto, type SparseMatrix } from '../linear/sparse-matrix.js';
import { lengthOf } from '../linear/vector-length.js';
import { knownHashes, rowsByHash, withMoreHashes } from './known-hashes.js';
import { latentBasis } from './latent-basis.js';
import type { FeatureSpec } from './spec.js';
import { countGrams, heaviest, inverseDocumentFrequency, weighByIdf } from './text-features.js';
import { type Weight, type Weights, withMoreRows } from './weights.js';

/**
 * What is fitted to a graph's texts, one row a bucket that any of them falls into, behind row 0, which stands for every
 * other: `known` [rows - 1, 2] whose row is whose, `idf` [rows] and `basis` [rows, width] the latent place.
 */
export const textNames = { known: 'text.known', idf: 'text.idf', basis: 'text.basis' } as const;

/** [pins, textBuckets] */
function countedGrams(table: PinTable, spec: FeatureSpec): SparseMatrix {
  return countGrams(textsOf(table), { ...spec, buckets: spec.textBuckets });
}

function bucketsOf({ columns }: SparseMatrix): number[] {
  return [...new Set(columns)].sort((a, b) => a - b);
}

/** [pins, rows] the same entries; those of buckets that are not known all lie in row 0. */
function inKnownRows(counts: SparseMatrix, known: Weight): SparseMatrix {
  const rows = rowsByHash(known);
  return {
    ...counts,
    shape: [counts.shape[0], 1 + known.shape[0]],
    columns: counts.columns.map((bucket) => 1 + (rows.get(bucket) ?? -1)),
  };
}

/** Rows of counts turned into rows of TF-IDF, each of length 1, of what the spec reads of a text. */
function weigh(counts: SparseMatrix, idf: Float32Array, { textEntries }: FeatureSpec): SparseMatrix {
  return heaviest(weighByIdf(counts, idf), textEntries);
}

/** Fits document frequencies and a latent basis to the texts of a graph. */
export async function fitText(graph: Graph, spec: FeatureSpec, seed: number): Promise<Weights> {
  const hashed = countedGrams(graph, spec);
  const known = knownHashes(bucketsOf(hashed));
  const counts = inKnownRows(hashed, known);
  const idf = inverseDocumentFrequency(counts);
  const basis = await latentBasis(weigh(counts, idf, spec), spec.width, seed);
  return new Map([
    [textNames.known, known],
    [textNames.idf, { shape: [idf.length], values: idf }],
    [textNames.basis, { shape: [idf.length, spec.width], values: basis }],
  ]);
}

/**
 * Gives rows to what only a grown graph's texts hold. Its words have no latent place and weigh what unknown ones do;
 * old rows keep their place.
 */
export function growText(fitted: Weights, graph: Graph, spec: FeatureSpec): Weights {
  const [known, idf, basis] = [textNames.known, textNames.idf, textNames.basis].map((name) => fitted.get(name));
  if (!known || !idf || !basis) return fitted;
  const more = withMoreHashes(known, bucketsOf(countedGrams(graph, spec)));
  if (more === known) return fitted;
  const rows = 1 + more.shape[0];
  const weighed = withMoreRows(idf, rows);
  weighed.values.fill(idf.values[0], idf.shape[0]);
  return new Map([
    ...fitted,
    [textNames.known, more],
    [textNames.idf, weighed],
    [textNames.basis, withMoreRows(basis, rows)],
  ]);
}

/** Rows of the tables of words; in models from before rows were of known buckets alone, one each. */
export function textTableRows({ textBuckets }: FeatureSpec, fitted: Weights): number {
  return fitted.get(textNames.idf)?.shape[0] ?? textBuckets;
}

/** [pins, rows] TF-IDF of the pins' texts, each row of length 1. */
export function weighedText(table: PinTable, spec: FeatureSpec, fitted: Weights): SparseMatrix {
  const hashed = countedGrams(table, spec);
  const known = fitted.get(textNames.known);
  const counts = known ? inKnownRows(hashed, known) : hashed;
  return weigh(counts, fitted.get(textNames.idf)?.values as Float32Array, spec);
}

/** [pins, width] the texts' latent coordinates, each row of the length given; zero where a pin has no known word. */
export function latentText(text: SparseMatrix, { width }: FeatureSpec, fitted: Weights, length: number): Float32Array {
  const basis = fitted.get(textNames.basis)?.values as Float32Array;
  const latent = new Float32Array(text.shape[0] * width);
  multiplyInto(latent, text, basis, width);
  for (let from = 0; from < latent.length; from += width) {
    const norm = lengthOf(latent, from, width);
    if (norm > 0) for (let i = from; i < from + width; i++) latent[i] *= length / norm;
  }
  return latent;
}
