import { degreesOf, type Topology } from '../graph/graph.js';
import { AlikeBoards } from './alike-boards.js';
import type { CandidateSource } from './candidate-source.js';
import type { MappedFactors } from './mapped-factors.js';
import { vectorSource, type VectorSourceOptions } from './vector-source.js';

/** Pins by mapped factors; of given pins, it tells too what alike boards hold of their nearest. */
export function mappedSource(
  topology: Topology,
  mapped: MappedFactors,
  settings: Partial<VectorSourceOptions> = {},
): CandidateSource {
  let alikeBoards: AlikeBoards | undefined;
  return {
    ...vectorSource(mapped, settings, { degrees: degreesOf(topology.pins), name: 'mapped' }),
    aspects(query, pins) {
      alikeBoards ??= new AlikeBoards(topology);
      return [alikeBoards.votesThrough(query.pins, pins, mapped)];
    },
  };
}
