import { type DiversityOptions, diversify, diversityDefaults } from './diversity.js';
import type { Ranked } from '../ranking/ranked.js';
import type { Graph } from '../graph/graph.js';

export interface BlendOptions {
  readonly diversity: DiversityOptions;
}

export const blendDefaults: BlendOptions = { diversity: diversityDefaults };

/** The results to show, in order: the best ranked, kept apart where too many of a kind follow each other. */
export function blend(ranked: readonly Ranked[], limit: number, graph: Graph, options: BlendOptions): Ranked[] {
  return diversify(ranked, limit, options.diversity, (pin, attribute) => graph.pinAttributes.get(attribute, pin));
}
