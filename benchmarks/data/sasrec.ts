import { readdirSync } from 'node:fs';
import { BoardwalkError } from '../../src/errors.js';
import { type Pair, writeSplit } from './split-files.js';
import { linesOf } from './text-file.js';

/** Of each person's items, in the order of time, the last are the test; none of people with fewer than five. */
const testShare = 0.2;
const leastItems = 5;

/** A set of SASRec's repository, the one `.txt` of a folder: lines `user item`, each person's in the order of time. */
export async function convertSasrec(source: string, out: string): Promise<Record<string, number>> {
  const files = readdirSync(source).filter((name) => name.endsWith('.txt'));
  if (files.length !== 1)
    throw new BoardwalkError('not_found', `${source} holds ${files.length} .txt files: put one set alone there.`, {
      file: source,
    });
  const boards = new Map<string, Set<string>>();
  for await (const line of linesOf(source, files[0])) {
    const [user, item] = line.split(' ');
    if (!item) continue;
    const items = boards.get(user);
    if (items) items.add(item);
    else boards.set(user, new Set([item]));
  }
  const [known, test]: [Pair[], Pair[]] = [[], []];
  for (const [user, set] of boards) {
    const items = [...set];
    const hidden = items.length < leastItems ? 0 : Math.max(1, Math.floor(testShare * items.length));
    items.forEach((item, place) => (place < items.length - hidden ? known : test).push([user, item]));
  }
  return writeSplit(out, known, test);
}
