import { type DiversityOptions, diversify, diversityDefaults } from './diversity.js';
import { type LikenessOptions, likenessDefaults, type Scored } from './likeness.js';
import type { GraphView } from '../graph/graph-view.js';

export interface BlendOptions {
  readonly diversity: DiversityOptions;
  /** For requests that name pins alone. */
  readonly likeness: LikenessOptions;
}

export const blendDefaults: BlendOptions = { diversity: diversityDefaults, likeness: likenessDefaults };

/** The results to show, in order: the best scored, kept apart where too many of a kind follow each other. */
export function blend(scored: readonly Scored[], limit: number, graph: GraphView, options: BlendOptions): Scored[] {
  return diversify(scored, limit, options.diversity, (pin, attribute) => graph.pinAttributes.get(attribute, pin));
}
