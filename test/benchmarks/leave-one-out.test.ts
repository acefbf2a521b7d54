import { expect, it } from 'vitest';
import { hitRates, leaveOneOut } from '../../benchmarks/leave-one-out.js';
import { degree, neighboursOf } from '../../src/graph/graph.js';
import { plantedGraph } from '../training/planted-graph.js';

const whole = plantedGraph({ text: false });
const asked = leaveOneOut(whole, 3);

it('hides one pin of each board and draws 99 others that are not on it', () => {
  expect(asked.cases.length).toBeGreaterThan(0.9 * whole.boards.size);
  for (const { board, pin, negatives } of asked.cases) {
    const held = [...neighboursOf(whole.topology.boards, board)];
    const left = [...neighboursOf(asked.graph.topology.boards, board)];
    expect(left.concat(pin).toSorted((a, b) => a - b)).toEqual(held.toSorted((a, b) => a - b));
    expect(new Set(negatives).size).toBe(99);
    for (const other of negatives) expect(held).not.toContain(other);
    expect(degree(whole.topology.pins, pin)).toBeGreaterThan(1);
  }
});

it('finds hidden pins by vectors that know the communities, and none where all pins are alike', () => {
  const communities = 8;
  const ofCommunity = new Float32Array(whole.pins.size * communities);
  for (let pin = 0; pin < whole.pins.size; pin++) ofCommunity[pin * communities + Math.floor(pin / 30)] = 1;
  const alike = new Float32Array(whole.pins.size).fill(1);
  expect(hitRates(asked, alike, 1)).toEqual({ sampled: 0, full: 0 });
  // Some 12 of the 99 share the hidden pin's community and score as it does; 23 or so of the catalogue.
  const blurred = ofCommunity.map((value, i) => value * (1 + 0.001 * ((i * 7919) % 101)));
  const { sampled, full } = hitRates(asked, blurred, communities);
  expect(sampled).toBeGreaterThan(0.5);
  expect(full).toBeGreaterThan(0.25);
  expect(full).toBeLessThan(sampled);
});
