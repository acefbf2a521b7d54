import { join } from 'node:path';
import { rowsOf, writeTsv } from './text-file.js';

/** Share of the edges, the latest, that are the test. */
const testShare = 0.2;

/** Empty where the original does not know it and has 0. */
function time(seconds: number): string {
  return seconds > 0 ? new Date(1000 * seconds).toISOString() : '';
}

/**
 * Sections of "awesome" lists with the time at which each link was added. The split is in time: whatever
 * was added after one moment is the test, so nothing of the future is known.
 */
export async function convertAwesomeBoards(source: string, out: string): Promise<Record<string, number>> {
  const edges: { board: string; pin: string; seconds: number }[] = [];
  for await (const [board, pin, seconds] of rowsOf(source, 'edges.tsv'))
    edges.push({ board, pin, seconds: Number(seconds) });
  edges.sort((a, b) => a.seconds - b.seconds);
  const cut = edges[Math.floor((1 - testShare) * edges.length)]?.seconds ?? 0;
  const known = edges.filter(({ seconds }) => seconds < cut);
  const later = edges.filter(({ seconds }) => seconds >= cut);
  const boards: string[][] = [];
  for await (const [board, list, section] of rowsOf(source, 'boards.tsv'))
    boards.push([board, section ?? '', list.split('/')[0]]);
  const pins: string[][] = [];
  for await (const [pin, url, title = '', text = ''] of rowsOf(source, 'pins.tsv')) pins.push([pin, url, title, text]);
  return {
    'edges.tsv': await writeTsv(
      join(out, 'edges.tsv'),
      ['board_id', 'pin_id', 'added_at'],
      known.map(({ board, pin, seconds }) => [board, pin, time(seconds)]),
    ),
    'test.tsv': await writeTsv(
      join(out, 'test.tsv'),
      ['board_id', 'pin_id'],
      later.map(({ board, pin }) => [board, pin]),
    ),
    'boards.tsv': await writeTsv(join(out, 'boards.tsv'), ['board_id', 'title', 'owner'], boards),
    'pins.tsv': await writeTsv(join(out, 'pins.tsv'), ['pin_id', 'url', 'title', 'text'], pins),
  };
}
