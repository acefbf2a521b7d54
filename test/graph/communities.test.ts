import { describe, expect, test } from 'vitest';
import { adoptTopics, findCommunities, membersOf, noTopic } from '../../src/graph/communities.js';
import { degree } from '../../src/graph/graph.js';
import { labelTopics, tellingScore } from '../../src/graph/topic-labels.js';
import { writeTopics } from '../../src/graph/topics-file.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { buildBench } from './build-bench.js';
import { plantedGraph, plantedWords } from './planted-topics.js';

const { path, file, built, build, rejects } = buildBench();

/** Share of nodes whose found topic is the one that most nodes of their planted topic were given. */
function agreement(found: Uint32Array, planted: Uint32Array): number {
  const pairs = new Map<string, number>();
  for (const [node, topic] of planted.entries()) {
    const key = `${topic} ${found[node]}`;
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
  }
  const best = plantedWords.map(
    (_, topic) => [...pairs].filter(([key]) => key.startsWith(`${topic} `)).sort(([, a], [, b]) => b - a)[0],
  );
  expect(new Set(best.map(([key]) => key.split(' ')[1])).size).toBe(plantedWords.length);
  return best.reduce((sum, [, count]) => sum + count, 0) / planted.length;
}

describe('communities', () => {
  test('recover planted topics on both sides', () => {
    const planted = plantedGraph();
    const found = findCommunities(planted.graph.topology);
    expect(found.count).toBe(plantedWords.length);
    expect(agreement(found.pins, planted.pins)).toBeGreaterThan(0.97);
    expect(agreement(found.boards, planted.boards)).toBe(1);
  });

  test('reach from a sample of a fifth of the edges to the rest', () => {
    const planted = plantedGraph({ boards: 600, pins: 400 });
    const { topology } = planted.graph;
    const found = findCommunities(topology, { sampleEdges: topology.boards.neighbours.length / 5 });
    expect(agreement(found.pins, planted.pins)).toBeGreaterThan(0.95);
    expect(agreement(found.boards, planted.boards)).toBeGreaterThan(0.99);
    for (const [pin, topic] of found.pins.entries()) expect(topic === noTopic).toBe(degree(topology.pins, pin) === 0);
  });

  test('are the same for the same seed, and hang on it', () => {
    const { topology } = plantedGraph({ stray: 2 }).graph;
    const topics = (seed: number) => findCommunities(topology, { seed, sampleEdges: 700, minimumBoards: 2 });
    expect(topics(1)).toEqual(topics(1));
    expect(topics(1)).not.toEqual(topics(2));
  });

  test('keep to the number and the size asked for', () => {
    const { topology } = plantedGraph().graph;
    const two = findCommunities(topology, { topics: 2 });
    expect(two.count).toBe(2);
    expect(membersOf(two.pins, 2).at(-1)).toBeLessThan(20);
    const none = findCommunities(topology, { minimumBoards: 1000 });
    expect(none.count).toBe(0);
    expect(new Set(none.pins)).toEqual(new Set([noTopic]));
  });

  test('spread by majority, the lowest topic among equals', () => {
    const rows = { offsets: Uint32Array.of(0, 3, 5, 6, 6, 7), neighbours: Uint32Array.of(0, 1, 2, 1, 3, 4, 0) };
    const own = Uint32Array.of(noTopic, noTopic, noTopic, noTopic, 2);
    expect(adoptTopics(rows, own, Uint32Array.of(0, 1, 1, 0, noTopic), 3)).toBe(2);
    expect([...own]).toEqual([1, 0, noTopic, noTopic, 2]);
  });
});

describe("topics' labels", () => {
  test('are the words that tell a topic from the others', () => {
    const planted = plantedGraph();
    const topics = { count: plantedWords.length, pins: planted.pins, boards: planted.boards };
    expect(labelTopics(planted.graph, topics, { words: 1 })).toEqual(plantedWords);
  });

  test('are distinct, and numbers where there are no words', () => {
    const edges = { boards: Uint32Array.of(0, 1), pins: Uint32Array.of(0, 1) };
    const topics = { count: 2, pins: Uint32Array.of(0, 1), boards: Uint32Array.of(0, 1) };
    const untitled = memoryGraph({ pins: ['a', 'b'], boards: ['c', 'd'], edges });
    expect(labelTopics(untitled, topics)).toEqual(['topic 1', 'topic 2']);
  });

  test('score a word by its log odds against a prior of all words', () => {
    // 30 of 100 words inside, 10 of 300 outside; the prior is 0.1 of 40 words a hundred.
    const [own, other, weight] = [30 + 10, 10 + 10, 100];
    const odds = Math.log(own / (100 + weight - own)) - Math.log(other / (300 + weight - other));
    expect(tellingScore(30, 100, 40, 400, weight)).toBeCloseTo(odds / Math.sqrt(1 / own + 1 / other), 12);
    expect(tellingScore(10, 100, 40, 400, weight)).toBeCloseTo(0, 12);
  });
});

describe('a file of topics', () => {
  test('comes back through a build, in place of the topics of the other files', async () => {
    const { graph, pins, boards } = plantedGraph();
    await writeTopics(path('topics.parquet'), graph, { count: 4, pins, boards }, plantedWords);
    const lines = graph.boards
      .ids()
      .flatMap((board, b) =>
        [
          ...graph.topology.boards.neighbours.subarray(
            graph.topology.boards.offsets[b],
            graph.topology.boards.offsets[b + 1],
          ),
        ].map((pin) => `${board},${graph.pins.id(pin)}\n`),
      );
    const again = await built({
      edges: [file('e.csv', `board_id,pin_id\n${lines.join('')}`)],
      pins: file('p.csv', 'pin_id,title,topic\npin 1,one,old\nlonely,no edge,own\n'),
      topics: path('topics.parquet'),
      order: ['topic'],
    });
    for (const [index, id] of graph.pins.ids().entries()) {
      if (degree(graph.topology.pins, index) === 0) continue;
      expect(again.pinAttributes.get('topic', again.pins.indexOf(id))).toBe(plantedWords[pins[index]]);
    }
    expect(again.pinAttributes.get('title', again.pins.indexOf('pin 1'))).toBe('one');
    expect(again.pinAttributes.get('topic', again.pins.indexOf('lonely'))).toBe('own');
    const [from, to] = again.order!.range('boards', { topic: 'orchid' })!;
    expect(to - from).toBe(boards.filter((topic) => plantedWords[topic] === 'orchid').length);
  });

  test('may be wrong in one row without losing the others', async () => {
    const topics = 'pin_id,board_id,topic\np1,,a\np1,b1,both\n,,neither\n,b1,\nunknown,,x\np2,,\n';
    const options = {
      edges: [file('e.csv', 'board_id,pin_id\nb1,p1\n')],
      pins: file('p.csv', 'pin_id,topic\np2,own\n'),
      topics: file('t.csv', topics),
    };
    await build({ ...options, maxRejects: '4' });
    expect(await rejects()).toEqual([
      [3, 'pin_id', 'not one of pin_id and board_id'],
      [4, 'pin_id', 'not one of pin_id and board_id'],
      [5, 'topic', 'missing topic'],
      [7, 'topic', 'missing topic'],
    ]);
    const graph = await built({ ...options, maxRejects: '4', force: true });
    expect(graph.pins.ids()).toEqual(['p1', 'p2']);
    expect([0, 1].map((pin) => graph.pinAttributes.get('topic', pin))).toEqual(['a', 'own']);
    expect(graph.boardAttributes.names).toEqual([]);
    const unnamed = { ...options, topics: file('u.csv', 'id,topic\np1,a\n'), force: true };
    await expect(build(unnamed)).rejects.toThrow('neither a column pin_id nor board_id');
  });
});
