import type { Graph } from '../graph/graph.js';
import type { RecommendationRequest } from './recommendation.js';

/** Pins asked of what proposes them for each that is wanted: filters may refuse most. */
export const overFetch = 8;

/** Whether a pin may not be shown for a request: it is excluded, or a filter asks for something else. */
export function refusal(
  graph: Pick<Graph, 'pins' | 'pinAttributes'>,
  { exclude = [], filters = {} }: RecommendationRequest,
): (pin: number) => boolean {
  const excluded = new Set(exclude.map((id) => graph.pins.indexOf(id)));
  const wanted = Object.entries(filters)
    .filter(([, values]) => values !== undefined)
    .map(([name, values]) => [name as 'language' | 'domain' | 'owner', new Set(values)] as const);
  return (pin) =>
    excluded.has(pin) ||
    wanted.some(([name, values]) => {
      const value = graph.pinAttributes.get(name, pin);
      return value === null || !values.has(value);
    });
}

/** Whether a request narrows the catalogue, so that sources must be asked for more than usual. */
export function narrows({ filters = {} }: RecommendationRequest): boolean {
  return Object.values(filters).some((values) => values !== undefined);
}
