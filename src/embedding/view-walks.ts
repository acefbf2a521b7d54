import type { Graph, Relation } from '../graph/graph.js';
import type { PinView } from '../graph/pin-table.js';
import { walkKernelFor } from '../sampling/choose-kernel.js';
import type { ImportancePoolingOptions, Neighbourhoods } from '../sampling/kernel.js';
import { besideEachOther } from '../sampling/relation-neighbourhoods.js';

type Walk = (pins: Uint32Array) => Neighbourhoods;

/**
 * Walks from some pins of a view: over its boards as they are now, and in relations as the base has them, where pins
 * that the base lacks have no neighbours.
 */
export function viewWalks(
  view: PinView,
  base: Pick<Graph, 'pins'>,
  relations: readonly Relation[],
  walks: ImportancePoolingOptions,
): Walk {
  const kernel = walkKernelFor(view.topology);
  const related = relations.map((relation) => relationWalk(view, base, relation, walks));
  return (pins) => {
    const ofBoards = kernel.importancePool(pins, walks);
    return besideEachOther(
      ofBoards,
      related.map((walk) => walk(pins)),
    );
  };
}

/** The base numbers pins in its own way: they are the same where their ids are. */
function relationWalk(
  view: PinView,
  base: Pick<Graph, 'pins'>,
  { topology }: Relation,
  walks: ImportancePoolingOptions,
): Walk {
  const kernel = walkKernelFor(topology);
  const { neighbours: size } = walks;
  return (pins) => {
    const inBase = Array.from(pins, (pin) => base.pins.indexOf(view.pins.id(pin)));
    const rows = [...inBase.keys()].filter((row) => inBase[row] >= 0);
    const walked = kernel.importancePool(
      Uint32Array.from(rows, (row) => inBase[row]),
      walks,
    );
    const found = {
      size,
      neighbours: new Uint32Array(pins.length * size),
      weights: new Float32Array(pins.length * size),
    };
    rows.forEach((row, i) => {
      let to = row * size;
      for (let e = i * size; e < (i + 1) * size && walked.weights[e] > 0; e++) {
        const pin = view.pins.indexOf(base.pins.id(walked.neighbours[e]));
        if (pin < 0) continue;
        found.neighbours[to] = pin;
        found.weights[to++] = walked.weights[e];
      }
    });
    return found;
  };
}
