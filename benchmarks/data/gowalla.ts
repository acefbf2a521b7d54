import { join } from 'node:path';
import { linesOf, writeTsv } from './text-file.js';

/** LightGCN's lines, `user item item …`, as pairs of board and pin. */
export async function* pairsOf(folder: string, name: string): AsyncGenerator<string[]> {
  for await (const line of linesOf(folder, name)) {
    const [user, ...items] = line.trim().split(/\s+/);
    for (const item of items) yield [user, item];
  }
}

/** Gowalla, or any data set of LightGCN's layout: `train.txt` and `test.txt` to `edges.tsv` and `test.tsv`. */
export async function convertLightgcn(source: string, out: string): Promise<Record<string, number>> {
  const columns = ['board_id', 'pin_id'];
  return {
    'edges.tsv': await writeTsv(join(out, 'edges.tsv'), columns, pairsOf(source, 'train.txt')),
    'test.tsv': await writeTsv(join(out, 'test.tsv'), columns, pairsOf(source, 'test.txt')),
  };
}
