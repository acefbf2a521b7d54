import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsLeader, placeLabels, spread } from '../../../src/evaluation/page/labels.js';

describe('labels in a column', () => {
  it('keep their order and their distance, and stay within where there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 12 }), (wanted) => {
        const placed = spread(wanted, 15, 0, 300);
        const order = [...wanted.keys()].sort((a, b) => wanted[a] - wanted[b]);
        order.forEach((i, place) => {
          expect(placed[i]).toBeGreaterThanOrEqual(-1e-9);
          expect(placed[i]).toBeLessThanOrEqual(300);
          if (place > 0) expect(placed[i] - placed[order[place - 1]]).toBeGreaterThan(15 - 1e-9);
        });
      }),
    );
  });

  it('stand where they want to where nothing is in the way', () => {
    expect(spread([200, 20, 100], 15, 0, 300)).toEqual([200, 20, 100]);
  });
});

describe('labels of dots', () => {
  const frame = { left: 0, right: 400, top: 0, bottom: 300 };

  it('stand to the right, but to the left at the right edge', () => {
    const places = placeLabels(
      [
        { x: 100, y: 100 },
        { x: 390, y: 200 },
      ],
      [50, 50],
      14,
      frame,
    );
    expect(places.map(({ anchor, dy }) => [anchor, dy])).toEqual([
      ['start', 0],
      ['end', 0],
    ]);
  });

  it('make way for other dots', () => {
    const places = placeLabels(
      [
        { x: 100, y: 100 },
        { x: 130, y: 100 },
      ],
      [50, 50],
      14,
      frame,
    );
    expect(places.map(({ anchor }) => anchor)).toEqual(['end', 'start']);
  });

  it('go far off, where a line leads to them, before they cover one another', () => {
    const points = Array.from({ length: 8 }, (_, i) => ({ x: 200 + i, y: 150 + i }));
    const places = placeLabels(points, Array<number>(8).fill(60), 14, frame);
    const boxes = places.map(({ dx, dy, anchor }, i) => {
      const left = points[i].x + dx - (anchor === 'start' ? 0 : anchor === 'end' ? 60 : 30);
      return { left, top: points[i].y + dy - 7 };
    });
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        expect(Math.abs(a.left - b.left) >= 60 || Math.abs(a.top - b.top) >= 14).toBe(true);
      }),
    );
    expect(places.filter(needsLeader).length).toBeGreaterThan(0);
  });
});
