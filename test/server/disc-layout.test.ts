import { assert, array, double, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { arrangeOnDisc } from '../../src/server/disc-layout.js';

const coordinate = double({ min: -1e3, max: 1e3, noNaN: true });
const node = record({ x: coordinate, y: coordinate, size: double({ min: 2, max: 14, noNaN: true }) });

test('puts the first node in the middle and no node on another, wherever they were', () => {
  assert(
    property(array(node, { minLength: 1, maxLength: 47 }), (nodes) => {
      arrangeOnDisc(nodes, { gap: 4, rounds: 400 });
      expect([nodes[0].x, nodes[0].y]).toEqual([0, 0]);
      for (const [i, a] of nodes.entries())
        for (const b of nodes.slice(i + 1))
          expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(a.size + b.size + 3);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test('keeps directions: what was to the left stays to the left', () => {
  const nodes = [
    { x: 10, y: 10, size: 5 },
    { x: -500, y: 10, size: 5 },
    { x: 11, y: 10, size: 5 },
  ];
  arrangeOnDisc(nodes);
  expect(nodes[1].x).toBeLessThan(0);
  expect(nodes[2].x).toBeGreaterThan(0);
  expect(Math.abs(nodes[1].x)).toBeGreaterThan(Math.abs(nodes[2].x));
});
