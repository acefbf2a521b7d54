import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../src/graph/graph.js';
import { memoryGraph } from '../../../src/graph/memory-graph.js';
import { coldShare } from '../../../src/pipeline/holdout/cold-share.js';

/** As many pins of 0, 1, 2, … boards as `counts` says, each with a title unless told. */
function graphWith(counts: readonly number[], titles = true): Graph {
  const boards: number[] = [];
  const pins: number[] = [];
  let pin = 0;
  counts.forEach((count, degree) => {
    for (let i = 0; i < count; i++, pin++)
      for (let board = 0; board < degree; board++) {
        boards.push(board);
        pins.push(pin);
      }
  });
  return memoryGraph({
    pins: Array.from({ length: pin }, (_, i) => `pin ${i}`),
    boards: Array.from({ length: counts.length - 1 }, (_, i) => `board ${i}`),
    edges: { boards: Uint32Array.from(boards), pins: Uint32Array.from(pins) },
    ...(titles && { pinAttributes: { title: Array.from({ length: pin }, (_, i) => `title ${i}`) } }),
  });
}

/** Of a board's hidden edges, those that fall on cold pins. */
function massOn(share: number, edgeFraction: number): number {
  return share / (share + edgeFraction * (1 - share));
}

describe('the share of pins to make cold', () => {
  it('hides as many edges of cold pins as pins of one board let expect', () => {
    // 400 edges, 40 of them their pin's only one.
    const share = coldShare(graphWith([0, 40, 60, 80]), 0.2);
    expect(massOn(share, 0.2)).toBeCloseTo(40 / 400, 10);
  });

  it('takes pins without boards for such as chance left out, as long as chance explains them', () => {
    const counts = [0, 40, 60, 80];
    const [without, withSome] = [0, 20].map((none) => coldShare(graphWith([none, ...counts.slice(1)]), 0.2));
    expect(withSome).toBe(without);
  });

  it('expects half of the saves of others for pins that are too many to be left out by chance', () => {
    const counts = [0, 10, 1_000, 5_000];
    const none = 500;
    const share = coldShare(graphWith([none, ...counts.slice(1)]), 0.2);
    expect(share - coldShare(graphWith(counts), 0.2)).toBeGreaterThan(0);
    expect(share).toBeCloseTo((0.5 * none) / (none + 6_010), 2);
  });

  it('stays within bounds', () => {
    expect(coldShare(graphWith([0, 0, 0, 50]), 0.2)).toBe(0.005);
    expect(coldShare(graphWith([0, 500]), 0.2)).toBe(0.1);
    // No edges of other pins are hidden at all.
    expect(coldShare(graphWith([0, 500]), 0)).toBe(0.005);
  });

  it('is none where ids are all that is known of pins', () => {
    expect(coldShare(graphWith([30, 40, 60, 80], false), 0.2)).toBe(0);
  });
});
