import { liked } from './ml-100k.js';
import { type Pair, writeSplit } from './split-files.js';
import { linesOf } from './text-file.js';

/**
 * A set of SIGformer's repository, lines `user item rating` in `train.txt`, `valid.txt` and `test.txt`: people act as
 * boards, and what they rated 4 or 5, or 1 where that says that they liked it, is their pins. Its validation part is
 * trained on too, for Boardwalk draws its own.
 */
export async function convertSigformer(source: string, out: string): Promise<Record<string, number>> {
  const rated = async (name: string): Promise<string[][]> => {
    const rows: string[][] = [];
    for await (const line of linesOf(source, name)) if (line !== '') rows.push(line.split(' '));
    return rows;
  };
  const known = [...(await rated('train.txt')), ...(await rated('valid.txt'))];
  const test = await rated('test.txt');
  const best = known.reduce((most, [, , rating]) => Math.max(most, Number(rating)), 0);
  const pairs = (rows: string[][]): Pair[] =>
    rows.filter(([, , rating]) => Number(rating) >= Math.min(best, liked)).map(([user, item]) => [user, item]);
  return writeSplit(out, pairs(known), pairs(test));
}
