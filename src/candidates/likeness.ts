import { sideBySide } from '../embedding/side-by-side.js';
import type { PlainVectors } from '../embedding/vectors.js';
import { degreesOf, type Topology } from '../graph/graph.js';

/**
 * Vectors [pins, all columns] that say which pins are alike: what PinSage has learnt and, where pins have words, PinText's,
 * of which each has half a say. Of a pin that no board holds PinSage knows but its features: its words speak alone.
 */
export function likenessOf(topology: Topology, learnt: PlainVectors, words?: PlainVectors): PlainVectors {
  if (!words) return learnt;
  const degrees = degreesOf(topology.pins);
  const likeness = sideBySide([words, learnt], degrees.length);
  const { dimension, vectors } = likeness;
  degrees.forEach((boards, pin) => {
    const start = pin * dimension;
    const middle = start + words.dimension;
    if (boards === 0 && vectors.subarray(start, middle).some((value) => value !== 0))
      vectors.fill(0, middle, start + dimension);
  });
  return likeness;
}
