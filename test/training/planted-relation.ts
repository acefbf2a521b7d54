import type { Graph } from '../../src/graph/graph.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { relate } from '../../src/graph/relate.js';
import { random } from '../../src/random.js';
import { plantedDefaults } from './planted-graph.js';

/** A planted graph with sessions of some pins of one community each as a relation. */
export function withSessions(graph: Graph, sessionsEach = 20, pinsPerSession = 5): Graph {
  const { communities, pinsEach } = plantedDefaults;
  const source = random(11);
  const edges = { boards: [] as number[], pins: [] as number[] };
  for (let session = 0; session < communities * sessionsEach; session++) {
    const held = new Set<number>();
    while (held.size < pinsPerSession) held.add((session % communities) * pinsEach + source.below(pinsEach));
    for (const pin of held) {
      edges.boards.push(session);
      edges.pins.push(pin);
    }
  }
  const sessions = memoryGraph({
    pins: graph.pins.ids(),
    boards: Array.from({ length: communities * sessionsEach }, (_, session) => `session ${session}`),
    edges: { boards: Uint32Array.from(edges.boards), pins: Uint32Array.from(edges.pins) },
  });
  return relate(graph, 'sessions', sessions).graph;
}
