import { memoryGraph } from '../../src/graph/memory-graph.js';
import type { Graph } from '../../src/graph/graph.js';
import { random } from '../../src/random.js';

export interface PlantedOptions {
  communities: number;
  pinsEach: number;
  boardsEach: number;
  pinsPerBoard: number;
  /** Pins of each community that are on no board. */
  lonelyEach: number;
  text: boolean;
  /** Share of a pin's words that come from its community's own. */
  topicShare: number;
  seed: number;
}

export const plantedDefaults: PlantedOptions = {
  communities: 8,
  pinsEach: 30,
  boardsEach: 25,
  pinsPerBoard: 6,
  lonelyEach: 2,
  text: true,
  topicShare: 0.6,
  seed: 1,
};

/** Boards that draw their pins from one community; a pin's words are mostly its community's. */
export function plantedGraph(options: Partial<PlantedOptions> = {}): Graph {
  const { communities, pinsEach, boardsEach, pinsPerBoard, lonelyEach, text, topicShare, seed } = {
    ...plantedDefaults,
    ...options,
  };
  const source = random(seed);
  const pins: string[] = [];
  const texts: string[] = [];
  for (let c = 0; c < communities; c++)
    for (let i = 0; i < pinsEach; i++) {
      pins.push(`pin ${c}/${i}`);
      const words = Array.from({ length: 5 }, () =>
        source.float() < topicShare ? `topic${c}word${source.below(12)}` : `filler${source.below(60)}`,
      );
      texts.push(words.join(' '));
    }
  const boards: string[] = [];
  const edges: { boards: number[]; pins: number[] } = { boards: [], pins: [] };
  for (let c = 0; c < communities; c++)
    for (let b = 0; b < boardsEach; b++) {
      const held = new Set<number>();
      while (held.size < pinsPerBoard) held.add(c * pinsEach + source.below(pinsEach - lonelyEach));
      for (const pin of held) {
        edges.boards.push(boards.length);
        edges.pins.push(pin);
      }
      boards.push(`board ${c}/${b}`);
    }
  return memoryGraph({
    pins,
    boards,
    edges: { boards: Uint32Array.from(edges.boards), pins: Uint32Array.from(edges.pins) },
    pinAttributes: text ? { text: texts } : {},
  });
}
