import { join } from 'node:path';
import { linesOf, writeTsv } from './text-file.js';

/** Lines `user artist count`, tabs between them; how often somebody listened is left out. */
async function* pairsOf(folder: string, name: string): AsyncGenerator<string[]> {
  for await (const line of linesOf(folder, name)) {
    const [user, artist] = line.split('\t');
    if (artist) yield [user, artist];
  }
}

/** LastFM as LightGCN's repository brings it, split by chance: people act as boards, artists as pins. */
export async function convertLastfm(source: string, out: string): Promise<Record<string, number>> {
  const columns = ['board_id', 'pin_id'];
  return {
    'edges.tsv': await writeTsv(join(out, 'edges.tsv'), columns, pairsOf(source, 'data1.txt')),
    'test.tsv': await writeTsv(join(out, 'test.tsv'), columns, pairsOf(source, 'test1.txt')),
  };
}
