import { UndirectedGraph } from 'graphology';
import louvain from 'graphology-communities-louvain';
import { describe, expect, test } from 'vitest';
import { type Graph, neighboursOf } from '../../src/graph/graph.js';
import { type Centre, type NeighbourhoodGraph, neighbourhoodGraph } from '../../src/graph/neighbourhood-graph.js';
import { typescriptKernel } from '../../src/sampling/typescript-kernel.js';
import { visitedNeighbourhood } from '../../src/sampling/visited-neighbourhood.js';
import { plantedGraph } from './planted-topics.js';

const planted = plantedGraph();
const { graph } = planted;

/** Every edge of the whole graph between two of the nodes, and no other, each with facts that agree. */
function checkFacts(found: NeighbourhoodGraph, whole: Graph): void {
  const expected = found
    .filterNodes((_, { kind }) => kind === 'board')
    .flatMap((key) => {
      const board = whole.boards.indexOf(found.getNodeAttribute(key, 'id'));
      const pins = [...neighboursOf(whole.topology.boards, board)].map((pin) => `pin:${whole.pins.id(pin)}`);
      expect(found.getNodeAttribute(key, 'degree')).toBe(pins.length);
      return pins.filter((pin) => found.hasNode(pin)).map((pin) => `${pin} ${key}`);
    });
  expect(found.mapEdges((_edge, _facts, pin, board) => `${pin} ${board}`).sort()).toEqual(expected.sort());
}

/** Edges on the shortest path, the slow way: every round lets each edge relax. */
function distancesFrom(found: NeighbourhoodGraph, centre: string): Map<string, number> {
  const distances = new Map([[centre, 0]]);
  for (let round = 0; round < found.order; round++)
    found.forEachEdge((_edge, _facts, a, b) => {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ]) {
        const way = (distances.get(from) ?? Infinity) + 1;
        if (way < (distances.get(to) ?? Infinity)) distances.set(to, way);
      }
    });
  return distances;
}

describe('a neighbourhood by breadth', () => {
  const cases: [string, Centre, string][] = [
    ['pin', { pin: 5 }, 'pin:pin 5'],
    ['board', { board: 7 }, 'board:board 7'],
  ];
  for (const [kind, centre, key] of cases)
    test(`of a ${kind} holds all within its hops, with edges, degrees and distances`, () => {
      for (const hops of [1, 2, 3]) {
        const found = neighbourhoodGraph(graph, centre, { hops, nodes: 10_000 });
        checkFacts(found, graph);
        expect(found.nodes()[0]).toBe(key);
        const distances = distancesFrom(found, key);
        for (const node of found.nodes()) expect(found.getNodeAttribute(node, 'distance')).toBe(distances.get(node));
        const farther = neighbourhoodGraph(graph, centre, { hops: hops + 1, nodes: 10_000 });
        const within = farther.filterNodes((_, { distance }) => distance !== null && distance <= hops);
        expect(new Set(found.nodes())).toEqual(new Set(within));
      }
    });

  test('keeps to its number of nodes and to those best tied', () => {
    const found = neighbourhoodGraph(graph, { board: 0 }, { hops: 2, nodes: 12 });
    expect(found.order).toBe(13);
    const links = (key: string) => found.degree(key);
    const boards = found.filterNodes((key, { kind }) => kind === 'board' && key !== 'board:board 0');
    expect(boards).toHaveLength(6);
    expect(Math.min(...boards.map(links))).toBeGreaterThan(1);
  });

  test('is a graph that graphology and its library take', () => {
    const found = neighbourhoodGraph(graph, { pin: 0 }, { hops: 4, nodes: 10_000 });
    const copy = UndirectedGraph.from(JSON.parse(JSON.stringify(found.export())));
    expect(copy.size).toBe(found.size);
    const { modularity } = (louvain as unknown as typeof louvain.default).detailed(copy);
    expect(modularity).toBeGreaterThan(0.5);
  });
});

describe('a neighbourhood by visits', () => {
  const kernel = typescriptKernel(graph.topology);

  test('of a pin keeps to its topic, and to boards that link its pins', () => {
    const found = visitedNeighbourhood(graph, kernel, { pin: 9 }, { nodes: 30 });
    checkFacts(found, graph);
    expect(found.order).toBeLessThanOrEqual(31);
    const pins = found.filterNodes((_, { kind }) => kind === 'pin').map((key) => graph.pins.indexOf(key.slice(4)));
    expect(pins.filter((pin) => planted.pins[pin] === planted.pins[9]).length / pins.length).toBeGreaterThan(0.8);
    for (const board of found.filterNodes((_, { kind }) => kind === 'board'))
      expect(found.degree(board)).toBeGreaterThan(1);
  });

  test('of a board shows the board, its pins and pins beyond it; of a lonely pin that pin alone', () => {
    const found = visitedNeighbourhood(graph, kernel, { board: 3 }, { nodes: 60 });
    checkFacts(found, graph);
    expect(found.degree('board:board 3')).toBe(12);
    expect(found.filterNodes((_, { kind }) => kind === 'pin').length).toBe(40);
    const lonely = [...graph.pins.ids().keys()].find((pin) => neighboursOf(graph.topology.pins, pin).length === 0);
    expect(lonely).toBeDefined();
    expect(visitedNeighbourhood(graph, kernel, { pin: lonely! }).order).toBe(1);
  });
});
