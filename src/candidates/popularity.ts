import { degree, type Topology } from '../graph/graph.js';
import type { CandidateSource } from './candidate-source.js';
import { scoredSource } from './scored-source.js';

/** Pins by the number of boards that hold them, whatever the query. */
export function popularitySource(topology: Topology): CandidateSource {
  const pinCount = topology.pins.offsets.length - 1;
  const degrees = Float32Array.from({ length: pinCount }, (_, pin) => degree(topology.pins, pin));
  return scoredSource({ name: 'popularity', pinCount, fill: (_query, scores) => scores.set(degrees) });
}
