import { join } from 'node:path';
import { pairsOf } from './gowalla.js';
import { writeTsv } from './text-file.js';

/**
 * Boards of Pinterest in LightGCN's layout. A board may hold a pin several times over, so some of the pairs that were
 * hidden are among the training edges too; nobody can be asked for them, and the test is what is left.
 */
export async function convertPinterest(source: string, out: string): Promise<Record<string, number>> {
  const columns = ['board_id', 'pin_id'];
  const known = new Set<string>();
  async function* edges() {
    for await (const pair of pairsOf(source, 'train.txt')) {
      known.add(pair.join(' '));
      yield pair;
    }
  }
  async function* unseen() {
    for await (const pair of pairsOf(source, 'test.txt')) if (!known.has(pair.join(' '))) yield pair;
  }
  return {
    'edges.tsv': await writeTsv(join(out, 'edges.tsv'), columns, edges()),
    'test.tsv': await writeTsv(join(out, 'test.tsv'), columns, unseen()),
  };
}
