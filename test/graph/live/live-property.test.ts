import * as fc from 'fast-check';
import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../../src/graph/build.js';
import type { LiveGraph } from '../../../src/graph/live/live-graph.js';
import { compactGraph, openLiveGraph } from '../../../src/graph/live/open-live-graph.js';
import { openGraph } from '../../../src/graph/open.js';
import { edges, liveBench, walkedEdges } from './live-bench.js';

const bench = liveBench();

/** So little that rows often move. */
const room = { edges: 2_000, pins: 50, boards: 50 };

type Step =
  | { do: 'add' | 'cut'; pairs: string[]; at: number | null }
  | { do: 'forget'; side: 'pins' | 'boards'; id: string }
  | { do: 'title'; id: string; title: string | null }
  | { do: 'reopen' | 'compact' | 'compact offline' };

// Few ids, so that edges meet again; some that sort otherwise by UTF-16 than by UTF-8.
const boardId = fc.constantFrom('a', 'b', 'Ä', '\u{10000}', '\uffee', 'long/board');
const pinId = fc.constantFrom('x', 'y', 'z', '\u{1f9f6}', '\uf8ff', '007', 'v');
const pair = fc.tuple(boardId, pinId).map(([board, pin]) => `${board} ${pin}`);
const pairs = fc.array(pair, { minLength: 1, maxLength: 8 });
const time = fc.option(fc.integer({ min: 1, max: 9 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), pairs, at: time }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cut' as const), pairs, at: fc.constant(null) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('forget' as const), side: fc.constant('pins' as const), id: pinId }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('forget' as const), side: fc.constant('boards' as const), id: boardId }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('title' as const), id: pinId, title: fc.option(fc.constantFrom('T', 'Ü')) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'compact' as const, 'compact offline' as const) }),
  },
);

/** What a live graph should hold: the slow way. */
class Model {
  readonly edges = new Map<string, number | null>();
  readonly nodes = { boards: new Set<string>(), pins: new Set<string>() };
  readonly titles = new Map<string, string | null>();

  take(given: Step): void {
    if (given.do === 'add')
      for (const key of given.pairs) {
        const known = this.edges.get(key) ?? null;
        this.edges.set(key, known === null || (given.at !== null && given.at < known) ? (given.at ?? known) : known);
        const [board, pin] = key.split(' ');
        this.nodes.boards.add(board);
        this.nodes.pins.add(pin);
      }
    if (given.do === 'cut') for (const key of given.pairs) this.edges.delete(key);
    if (given.do === 'title') {
      this.nodes.pins.add(given.id);
      this.titles.set(given.id, given.title);
    }
    if (given.do === 'forget') {
      this.nodes[given.side].delete(given.id);
      if (given.side === 'pins') this.titles.delete(given.id);
      for (const key of this.edges.keys())
        if (key.split(' ')[given.side === 'boards' ? 0 : 1] === given.id) this.edges.delete(key);
    }
  }
}

async function apply(live: LiveGraph, given: Step): Promise<LiveGraph> {
  if (given.do === 'add') {
    const addedAt = given.at === null ? {} : { addedAt: given.pairs.map(() => given.at!) };
    await live.addEdges({ ...edges(...given.pairs), ...addedAt });
  } else if (given.do === 'cut') await live.removeEdges(edges(...given.pairs));
  else if (given.do === 'forget')
    await (given.side === 'pins' ? live.removePins([given.id]) : live.removeBoards([given.id]));
  else if (given.do === 'title') await live.addPins([{ id: given.id, title: given.title }]);
  else if (given.do === 'compact') await live.compact();
  else {
    await live.close();
    if (given.do === 'compact offline') await compactGraph(live.directory);
    return openLiveGraph(live.directory, { room });
  }
  return live;
}

/** The graph that a build makes of what the model holds. */
async function builtId(model: Model): Promise<string> {
  const file = (name: string, rows: string[][]): string => {
    writeFileSync(bench.path(name), rows.map((row) => `${row.join('\t')}\n`).join(''));
    return bench.path(name);
  };
  const times = [...model.edges].map(([key, at]) => [...key.split(' '), at === null ? '' : String(at * 1e12)]);
  const { manifest } = await buildGraph({
    edges: [file('edges.tsv', [['board_id', 'pin_id', 'added_at'], ...times])],
    pins: file('pins.tsv', [
      ['pin_id', 'title'],
      ...[...model.nodes.pins].map((id) => [id, model.titles.get(id) ?? '']),
    ]),
    boards: file('boards.tsv', [['board_id'], ...[...model.nodes.boards].map((id) => [id])]),
    out: bench.path('built'),
    threads: 1,
    force: true,
  });
  return manifest.id;
}

describe('any sequence of changes', () => {
  test('leaves the edges that survive, and compacts to the very graph that a build makes of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const path = bench.path('graph');
        for (const each of [path, `${path}.delta`]) rmSync(each, { recursive: true, force: true });
        const model = new Model();
        const start: Step = { do: 'add', pairs: ['a x', 'a y', 'b y'], at: null };
        model.take(start);
        const begin = ['board_id\tpin_id', ...start.pairs.map((key) => key.replace(' ', '\t'))];
        writeFileSync(bench.path('start.tsv'), `${begin.join('\n')}\n`);
        await buildGraph({ edges: [bench.path('start.tsv')], out: path, threads: 1 });
        let live = await openLiveGraph(path, { room });
        for (const given of steps) {
          // A time of 1e12 milliseconds and its multiples reads as milliseconds in a file too.
          const scaled = given.do === 'add' && given.at !== null ? { ...given, at: given.at * 1e12 } : given;
          live = await apply(live, scaled);
          model.take(given);
          expect(walkedEdges(live, 'boards')).toEqual([...model.edges.keys()].sort());
        }
        expect(walkedEdges(live, 'pins')).toEqual([...model.edges.keys()].sort());
        await live.compact();
        expect(walkedEdges(live, 'pins')).toEqual([...model.edges.keys()].sort());
        await live.close();
        const graph = await openGraph(path, { checksums: true });
        expect(graph.id).toBe(await builtId(model));
      }),
      { numRuns: 6 },
    );
  });
});
