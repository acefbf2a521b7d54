import type { Relation } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { allNeighbourhoods } from './importance-neighbourhoods.js';
import type { ImportancePoolingOptions, Neighbourhoods } from './kernel.js';
import { walkPool, type WalkPoolOptions } from './pool.js';
import { sharedNeighbourhoods } from './shared-arrays.js';

/** The importance neighbourhoods of every pin in each of some relations. */
export async function relationNeighbourhoods(
  relations: readonly Relation[],
  walks: ImportancePoolingOptions,
  poolOptions: Partial<WalkPoolOptions> = {},
  progress: Progress = silentProgress,
): Promise<Neighbourhoods[]> {
  const found: Neighbourhoods[] = [];
  for (const { topology } of relations) {
    const pool = walkPool(topology, poolOptions);
    try {
      found.push(await allNeighbourhoods(pool, walks, progress));
    } finally {
      await pool.close();
    }
  }
  return found;
}

/** Neighbourhoods of the same pins in several graphs as rows of all of their columns, the first graph's first. */
export function besideEachOther(first: Neighbourhoods, others: readonly Neighbourhoods[]): Neighbourhoods {
  if (others.length === 0) return first;
  const graphs = [first, ...others];
  const { size: part } = first;
  const rows = first.neighbours.length / part;
  const size = graphs.length * part;
  const joined = sharedNeighbourhoods(rows, size);
  for (let row = 0; row < rows; row++)
    graphs.forEach(({ neighbours, weights }, graph) => {
      const to = row * size + graph * part;
      joined.neighbours.set(neighbours.subarray(row * part, (row + 1) * part), to);
      joined.weights.set(weights.subarray(row * part, (row + 1) * part), to);
    });
  return { ...first, ...joined, graphs: graphs.length };
}
