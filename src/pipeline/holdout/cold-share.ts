import { degreesOf, type Graph } from '../../graph/graph.js';
import { isContentFree } from '../../graph/pin-text.js';

/** Bounds of the share of pins made cold: fewer teach nothing, more leave too few edges. */
const leastCold = 0.005;
export const mostCold = 0.1;
/** Saves of a pin that is new to the catalogue, over those of one that was there all along: some are never saved. */
const worthOfNewPins = 0.5;
/** Standard deviations by which chance is given the benefit of the doubt. */
const deviations = 2;

/**
 * The share of the pins to make cold, so that as many of a board's hidden edges fall on pins without boards as the
 * next edges of the graph will. Were it more, the ranker would put pins that nobody wants above those that many do;
 * were it less, new ones would not be shown. None where ids are all that is known of pins, for then nothing tells one
 * cold pin from another.
 *
 * Two kinds of pins have no boards. Some have had their chance: by Good and Turing, their part of the next edges is
 * the share of the edges that are their pin's only one (Good, "The population frequencies of species", Biometrika
 * 1953, section 2). Those beyond what chance leaves without boards are new, and will be saved much like others.
 */
export function coldShare(graph: Graph, edgeFraction: number): number {
  if (isContentFree(graph)) return 0;
  const counts = new Uint32Array(4);
  for (const boards of degreesOf(graph.topology.pins)) if (boards < counts.length) counts[boards]++;
  const unlucky = counts[1] / Math.max(1, graph.topology.boards.neighbours.length);
  // Of a board's pins, c are cold and so hidden, and `edgeFraction` of the others: c / (c + f (1 − c)) is expected.
  const ofChance = (unlucky * edgeFraction) / Math.max(Number.EPSILON, 1 - unlucky + unlucky * edgeFraction);
  const ofNew = (worthOfNewPins * newPins(counts)) / Math.max(1, graph.pins.size);
  return Math.min(mostCold, Math.max(leastCold, ofChance + ofNew));
}

/**
 * Of the pins without boards, how many are more than chance explains, given how many have 0, 1, 2 and 3: the
 * logarithms of the last three, extended to none as a parabola, with the error of counts that are Poisson's.
 */
function newPins([none, one, two, three]: Uint32Array): number {
  // Too few pins with boards to tell what chance does to them.
  if (one === 0 || two === 0 || three === 0) return 0;
  const byChance = 3 * Math.log(one) - 3 * Math.log(two) + Math.log(three);
  const error = Math.sqrt(9 / one + 9 / two + 1 / three);
  return Math.max(0, none - Math.exp(byChance + deviations * error));
}
