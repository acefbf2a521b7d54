import { type NodeTopics, noTopic } from './communities.js';
import type { Adjacency } from './graph.js';

/** How well boards keep to a topic, and how well each pin fits its boards. */
export interface TopicAgreement {
  /** Of each board: the Shannon entropy of its pins' topics, in nats. */
  readonly entropy: Float32Array;
  /** Of each edge, in the order of the boards' rows: the cosine of the pin's and the board's topic distributions. */
  readonly cosine: Float32Array;
}

/**
 * A board's topic distribution is the share of each topic among its pins; a pin's is its own topic (the paper
 * has LDA vectors of pins instead: one topic a pin is what any graph can have, given or found, and keeps
 * this at O(edges) with no vectors). Pins without a topic count for nothing and agree with no board.
 */
export function topicAgreement(boards: Adjacency, { count, pins }: Pick<NodeTopics, 'count' | 'pins'>): TopicAgreement {
  const { offsets, neighbours } = boards;
  const entropy = new Float32Array(offsets.length - 1);
  const cosine = new Float32Array(neighbours.length);
  const held = new Uint32Array(count);
  for (let board = 0; board < entropy.length; board++) {
    const [from, to] = [offsets[board], offsets[board + 1]];
    let known = 0;
    for (let edge = from; edge < to; edge++) {
      const topic = pins[neighbours[edge]];
      if (topic === noTopic) continue;
      held[topic]++;
      known++;
    }
    // Each topic is met once a pin, so its sums are taken in shares of its count.
    let squares = 0;
    let nats = 0;
    for (let edge = from; edge < to; edge++) {
      const topic = pins[neighbours[edge]];
      if (topic === noTopic) continue;
      squares += held[topic];
      nats -= Math.log(held[topic] / known);
    }
    entropy[board] = known === 0 ? 0 : nats / known;
    const length = Math.sqrt(squares);
    for (let edge = from; edge < to; edge++) {
      const topic = pins[neighbours[edge]];
      if (topic !== noTopic) cosine[edge] = held[topic] / length;
    }
    for (let edge = from; edge < to; edge++) {
      const topic = pins[neighbours[edge]];
      if (topic !== noTopic) held[topic] = 0;
    }
  }
  return { entropy, cosine };
}
