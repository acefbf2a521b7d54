import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neighboursOf, type AttributeName } from '../../src/graph/graph.js';
import { inspectGraph } from '../../src/graph/inspect.js';
import { inspectionText } from '../../src/graph/inspection-text.js';
import { openGraph } from '../../src/graph/open.js';
import { type OrderColumn, parseOrder } from '../../src/graph/node-order.js';
import { writeGraph } from '../../src/graph/write.js';
import { buildBench, pairs } from './build-bench.js';

const { path, file, built } = buildBench();

const language = fc.constantFrom('fi', 'en', '日本語', '🧶', null);
const topic = fc.constantFrom('food', 'a b', 'ﬀ', null);
const nodes = (prefix: string) =>
  fc.array(fc.tuple(language, topic), { minLength: 1, maxLength: 25 }).map((cells) =>
    cells.map(([spoken, about], index) => ({
      [`${prefix}_id`]: `${prefix} ${(index * 7) % 25}`,
      language: spoken,
      topic: about,
    })),
  );
const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('an order by language and topic', () => {
  test('makes the nodes of every key one range, and moves nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        nodes('pin'),
        nodes('board'),
        fc.array(fc.tuple(fc.nat(24), fc.nat(24)), { minLength: 1, maxLength: 60 }),
        async (pinRows, boardRows, ends) => {
          // One of each side is known to have both attributes.
          const pins = [...pinRows, { pin_id: 'known', language: 'fi', topic: 'food' }];
          const boards = [...boardRows, { board_id: 'known', language: 'fi', topic: 'food' }];
          const given = {
            edges: [file('e.jsonl', lines(ends.map(([b, p]) => ({ board_id: `board ${b}`, pin_id: `pin ${p}` }))))],
            pins: file('p.jsonl', lines(pins)),
            boards: file('b.jsonl', lines(boards)),
          };
          const graph = await built({ ...given, order: ['language', 'topic'], out: path('graph'), force: true });
          for (const side of ['pins', 'boards'] as const) {
            const attributes = side === 'pins' ? graph.pinAttributes : graph.boardAttributes;
            const rows: Record<string, unknown>[] = side === 'pins' ? pins : boards;
            const cellsOf = new Map(rows.map((row) => [row[`${side.slice(0, -1)}_id`], row]));
            const indices = [...graph[side].ids().keys()];
            for (const index of indices)
              for (const name of ['language', 'topic'] as const)
                expect(attributes.get(name, index)).toBe(cellsOf.get(graph[side].id(index))?.[name] ?? null);
            for (const spoken of ['fi', 'en', '日本語', '🧶', 'none', null])
              for (const about of ['food', 'a b', 'ﬀ', null, undefined]) {
                const wanted = indices.filter(
                  (index) =>
                    attributes.get('language', index) === spoken &&
                    (about === undefined || attributes.get('topic', index) === about),
                );
                const [from, to] = graph.order!.range(side, { language: spoken, topic: about })!;
                expect(indices.slice(from, to)).toEqual(wanted);
                const ids = about === undefined ? [] : wanted.map((index) => graph[side].id(index));
                expect(ids).toEqual([...ids].sort());
              }
            const spoken = graph.order!.values(side);
            expect(spoken.flatMap(({ range: [from, to] }) => indices.slice(from, to))).toEqual(indices);
            expect(new Set(spoken.map(({ value }) => value)).size).toBe(spoken.length);
          }
          for (let board = 0; board < graph.boards.size; board++) {
            const row = [...neighboursOf(graph.topology.boards, board)];
            expect(row).toEqual([...row].sort((a, b) => a - b));
          }
          const plain = await built({ ...given, out: path('graph'), force: true });
          expect(pairs(graph).sort()).toEqual(pairs(plain).sort());
        },
      ),
      { numRuns: 8 },
    );
  });

  test('answers only where the nodes lie side by side', async () => {
    const graph = await built({
      edges: [file('e.csv', 'board_id,pin_id\nb1,p1\nb2,p2\n')],
      pins: file('p.csv', 'pin_id,language,topic\np1,fi,food\np2,en,\n'),
      boards: file('b.csv', 'board_id,language\nb1,fi\nb2,fi\n'),
      order: ['language', 'topic'],
    });
    const { range, values } = graph.order!;
    expect(range('pins', {})).toEqual([0, 2]);
    expect(range('pins', { topic: 'food' })).toBeUndefined();
    expect(range('pins', { language: 'fi', owner: 'x' })).toBeUndefined();
    expect(range('boards', { language: 'fi' })).toEqual([0, 2]);
    expect(range('boards', { language: 'fi', topic: 'food' })).toBeUndefined();
    expect(range('boards', { language: 'sv' })).toEqual([2, 2]);
    expect(values('pins', { language: 'en' })).toEqual([{ value: null, range: [0, 1] }]);
    expect(values('boards', { language: 'fi' })).toEqual([]);
  });

  test('is kept by a graph that is written again, and left out of one without', async () => {
    const given = {
      edges: [file('e.csv', 'board_id,pin_id\nb1,p1\nb1,p2\n')],
      pins: file('p.csv', 'pin_id,topic\np1,z\np2,a\n'),
    };
    const graph = await built({ ...given, order: ['topic'] });
    expect(graph.pins.ids()).toEqual(['p2', 'p1']);
    expect(inspectionText('graph', inspectGraph(graph, 0))).toContain('numbered by topic, id');
    await writeGraph(path('again'), graph);
    const again = await openGraph(path('again'));
    expect(again.order!.range('pins', { topic: 'z' })).toEqual([1, 2]);
    expect((await built({ ...given, force: true })).order).toBeUndefined();
  });
});

describe('the option --order', () => {
  test('takes known columns, each once', () => {
    expect(parseOrder('language,topic')).toEqual(['language', 'topic'] satisfies OrderColumn[]);
    for (const text of ['', 'title' satisfies AttributeName, 'topic,topic', 'language,,topic'])
      expect(() => parseOrder(text)).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });

  test('names an attribute that no node has', async () => {
    const edges = [file('e.csv', 'board_id,pin_id\nb1,p1\n')];
    await expect(built({ edges, order: ['language'] })).rejects.toThrow('no pin or board has one');
  });
});
