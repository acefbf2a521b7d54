import type { Graph } from '../graph/graph.js';
import type { Recommendation } from './recommendation.js';

/** A pin as answers show it: what speaks for it, and the attributes that are shown beside. */
export function presented(
  { pins, pinAttributes }: Pick<Graph, 'pins' | 'pinAttributes'>,
  pin: number,
  found: Pick<Recommendation, 'score' | 'sources' | 'reasons'>,
): Recommendation {
  return {
    pin_id: pins.id(pin),
    ...found,
    title: pinAttributes.get('title', pin),
    url: pinAttributes.get('url', pin),
    image: pinAttributes.get('image', pin),
  };
}
