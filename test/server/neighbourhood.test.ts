import { expect, test } from 'vitest';
import { neighboursOf } from '../../src/graph/graph.js';
import { graphNow } from '../../src/graph/graph-view.js';
import { neighbourhood } from '../../src/server/neighbourhood.js';
import { smallGraph } from './cooccurrence-service.js';

const graph = smallGraph();
const related = [4, 9, 12, 30, 35];
const lonely = graph.pins.indexOf('lonely');

test('draws the centre, every related pin and only boards that hold the centre', () => {
  const { nodes } = neighbourhood(graphNow(graph), 2, [...related, lonely]);
  const of = (kind: string) => nodes.filter((node) => node.kind === kind).map((node) => node.id);
  expect(of('centre')).toEqual([graph.pins.id(2)]);
  expect(of('pin')).toEqual([...related, lonely].map((pin) => graph.pins.id(pin)));
  const holding = [...neighboursOf(graph.topology.pins, 2)].map((board) => graph.boards.id(board));
  expect(of('board').length).toBeGreaterThan(0);
  for (const board of of('board')) expect(holding).toContain(board);
});

test('draws an edge exactly where a drawn board holds a drawn pin, and ties the rest to the centre', () => {
  const { nodes, edges } = neighbourhood(graphNow(graph), 2, [...related, lonely]);
  const saved = edges
    .filter((edge) => edge.kind === 'saved')
    .map(({ source, target }) => [source, target].sort().join());
  const expected = nodes
    .filter((node) => node.kind === 'board')
    .flatMap((board) => {
      const held = neighboursOf(graph.topology.boards, graph.boards.indexOf(board.id));
      return nodes
        .filter((pin) => pin.kind !== 'board' && held.includes(graph.pins.indexOf(pin.id)))
        .map((pin) => [pin.key, board.key].sort().join());
    });
  expect(saved.sort()).toEqual(expected.sort());
  const similar = edges.filter((edge) => edge.kind === 'similar');
  expect(similar.flatMap(({ source, target }) => [source, target])).toContain('pin:lonely');
});

test('is the same each time, and finite', () => {
  const first = neighbourhood(graphNow(graph), 2, related);
  expect(neighbourhood(graphNow(graph), 2, related)).toEqual(first);
  for (const { x, y } of first.nodes) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
});

test('of a pin without boards or relations is that pin alone', () => {
  const { nodes, edges } = neighbourhood(graphNow(graph), lonely, []);
  expect(nodes.map((node) => node.id)).toEqual(['lonely']);
  expect(edges).toEqual([]);
});
