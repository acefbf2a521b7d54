import { findCommunities, type NodeTopics, noTopic } from './communities.js';
import { degree, type Graph, hasVector } from './graph.js';

export interface PinTopics {
  /** Where the topics are from: the attribute `topic`, or communities of the graph itself. */
  readonly source: 'attribute' | 'communities';
  readonly topics: Pick<NodeTopics, 'count' | 'pins'>;
}

/** The share of the pins on boards that must have the attribute: with less, most edges would have no say. */
const knownShare = 0.5;

/**
 * The pins' topics as people gave them, or, where too few have one, as the graph's communities suggest. Pins
 * with vectors get no third way: whatever has edges to prune has communities, so one rule serves every graph.
 */
export function pinTopics(graph: Graph, seed = 1): PinTopics {
  const { pinAttributes, topology } = graph;
  if (pinAttributes.names.includes('topic')) {
    const codes = new Map<string, number>();
    const pins = new Uint32Array(graph.pins.size).fill(noTopic);
    let [linked, known] = [0, 0];
    for (let pin = 0; pin < pins.length; pin++) {
      const topic = pinAttributes.get('topic', pin);
      if (degree(topology.pins, pin) > 0) {
        linked++;
        if (topic !== null) known++;
      }
      if (topic === null) continue;
      if (!codes.has(topic)) codes.set(topic, codes.size);
      pins[pin] = codes.get(topic) as number;
    }
    if (known >= knownShare * linked) return { source: 'attribute', topics: { count: codes.size, pins } };
  }
  return { source: 'communities', topics: findCommunities(topology, { seed }) };
}

/** 1 where a pin has a title, a text or a vector. */
export function pinsWithContent({ pins, pinAttributes, features }: Graph): Uint8Array {
  return Uint8Array.from({ length: pins.size }, (_, pin) =>
    Number(
      pinAttributes.get('title', pin) !== null ||
        pinAttributes.get('text', pin) !== null ||
        features.some((feature) => hasVector(feature, pin)),
    ),
  );
}
