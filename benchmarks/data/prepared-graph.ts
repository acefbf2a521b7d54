import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildGraph } from '../../src/graph/build.js';
import { streamProgress } from '../../src/progress.js';
import { converters } from './convert.js';

/** A data set's converted files and its graph, which are kept in `work` between runs. */
export async function preparedGraph(
  set: string,
  source: string,
  work: string,
): Promise<{ graph: string; files: string }> {
  const files = join(work, set, 'files');
  const graph = join(work, set, 'graph');
  if (existsSync(graph)) return { graph, files };
  mkdirSync(files, { recursive: true });
  await converters[set](source, files);
  const optional = (name: 'pins' | 'boards') => {
    const path = join(files, `${name}.tsv`);
    return existsSync(path) ? { [name]: path } : {};
  };
  await buildGraph({
    edges: [join(files, 'edges.tsv')],
    ...optional('pins'),
    ...optional('boards'),
    out: graph,
    progress: streamProgress(),
  });
  return { graph, files };
}
