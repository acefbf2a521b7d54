import type { LiveGraph } from '../../src/graph/live/live-graph.js';
import type { LiveView } from '../../src/graph/live/live-view.js';
import { random } from '../../src/random.js';

/** One change that the writer makes; which one follows from its number alone. */
export interface Step {
  readonly kind: 'add' | 'cut' | 'title' | 'forget pin' | 'forget board';
  /** `[board, pin]`; of the others than edges, the first alone counts. */
  readonly pairs: readonly (readonly [string, string])[];
}

const boardCount = 60;
const pinCount = 300;

export function stepOf(seed: number, number: number): Step {
  const source = random(seed, number);
  const draw = source.below(100);
  const kind = draw < 60 ? 'add' : draw < 85 ? 'cut' : draw < 95 ? 'title' : draw < 98 ? 'forget pin' : 'forget board';
  const length = kind === 'add' || kind === 'cut' ? 1 + source.below(30) : 1;
  return {
    kind,
    pairs: Array.from(
      { length },
      () => [`board ${source.below(boardCount)}`, `pin ${source.below(pinCount)}`] as const,
    ),
  };
}

export async function take(live: LiveGraph, { kind, pairs }: Step, number: number): Promise<void> {
  const [[board, pin]] = pairs;
  const batch = { boardIds: pairs.map(([id]) => id), pinIds: pairs.map(([, id]) => id) };
  if (kind === 'add') await live.addEdges(batch);
  else if (kind === 'cut') await live.removeEdges(batch);
  else if (kind === 'title') await live.addPins([{ id: pin, title: `as of ${number}` }]);
  else if (kind === 'forget pin') await live.removePins([pin]);
  else await live.removeBoards([board]);
}

/** What the graph should hold after some steps: the plain way. */
export class Model {
  readonly edges = new Set<string>();
  readonly boards = new Set<string>();
  readonly titles = new Map<string, string | null>();

  take({ kind, pairs }: Step, number: number): void {
    const [[board, pin]] = pairs;
    if (kind === 'title') this.titles.set(pin, `as of ${number}`);
    if (kind === 'forget pin') this.#forget(1, pin);
    if (kind === 'forget board') this.#forget(0, board);
    for (const pair of kind === 'add' ? pairs : []) {
      this.edges.add(pair.join('\t'));
      this.boards.add(pair[0]);
      this.titles.set(pair[1], this.titles.get(pair[1]) ?? null);
    }
    for (const pair of kind === 'cut' ? pairs : []) this.edges.delete(pair.join('\t'));
  }

  #forget(end: 0 | 1, id: string): void {
    if (end === 0) this.boards.delete(id);
    else this.titles.delete(id);
    for (const edge of this.edges) if (edge.split('\t')[end] === id) this.edges.delete(edge);
  }

  /** All of it as one text, to be compared. */
  text(): string {
    const titles = [...this.titles].map(([pin, title]) => `${pin}\t${title}`);
    return JSON.stringify([[...this.edges].sort(), [...this.boards].sort(), titles.sort()]);
  }
}

/** What a live graph holds, as the model would say it. */
export function textOf({ pins, boards, pinAttributes, neighbours }: LiveView): string {
  const edges: string[] = [];
  for (let board = 0; board < boards.size; board++)
    for (const pin of neighbours('boards', board)) edges.push(`${boards.id(board)}\t${pins.id(pin)}`);
  const titles = pins.ids().flatMap((id, pin) => (id === '' ? [] : `${id}\t${pinAttributes.get('title', pin)}`));
  return JSON.stringify([
    edges.sort(),
    boards
      .ids()
      .filter((id) => id !== '')
      .sort(),
    titles.sort(),
  ]);
}
