import { openSource, fitSource } from '../../src/candidates/fitted-source.js';
import { blendDefaults } from '../../src/blending/blend.js';
import type { EmbeddingTable } from '../../src/embedding/table.js';
import type { Graph } from '../../src/graph/graph.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { random } from '../../src/random.js';
import { FeatureExtractor } from '../../src/ranking/features.js';
import type { PinnabilityModel } from '../../src/ranking/pinnability.js';
import { Recommender } from '../../src/recommender.js';

export const longId = `${'🪵'.repeat(40)}/${'?%#&'.repeat(40)}`;
export const hostileTitle = '<img src=x onerror="document.title=\'broken\'">';

const circles = [
  ['oak', 'ash', 'elm', 'birch', 'cedar', 'maple', 'larch', 'yew', 'hazel', 'willow', 'alder', 'rowan', 'beech'],
  ['trout', 'perch', 'carp', 'pike', 'bream', 'roach', 'tench', 'zander', 'salmon', 'eel', 'chub', 'dace', 'ruffe'],
  ['gneiss', 'basalt', 'chalk', 'flint', 'granite', 'marble', 'shale', 'slate', 'tuff', longId, 'markup', 'schist'],
];

/** Three circles of pins on 60 boards; a board draws most of its pins from one circle. */
export function smallWorld(): Graph {
  const pins = circles.flat();
  const boards = Array.from({ length: 60 }, (_, board) => `${['walk', 'shelf', 'trip'][board % 3]} ${board}`);
  const edges = { boards: [] as number[], pins: [] as number[] };
  const chance = random(11);
  for (let board = 0; board < boards.length; board++) {
    const held = new Set<number>();
    for (let draw = 0; draw < 9; draw++) {
      const circle = circles[chance.float() < 0.8 ? board % 3 : chance.below(3)];
      held.add(pins.indexOf(circle[chance.below(circle.length)]));
    }
    for (const pin of held) {
      edges.boards.push(board);
      edges.pins.push(pin);
    }
  }
  return memoryGraph({
    pins,
    boards,
    edges: { boards: Uint32Array.from(edges.boards), pins: Uint32Array.from(edges.pins) },
    pinAttributes: {
      title: pins.map((id) => (id === 'markup' ? hostileTitle : null)),
      text: pins.map((id) => (id === 'oak' ? 'A tree with lobed leaves' : null)),
    },
    boardAttributes: { owner: boards.map((_, board) => `person ${board % 7}`) },
  });
}

/** One axis a circle and a little noise: likeness that can be told by eye. */
function tableOf(graph: Graph): EmbeddingTable {
  const dimension = 8;
  const vectors = new Float32Array(graph.pins.size * dimension);
  const chance = random(5);
  for (let pin = 0; pin < graph.pins.size; pin++) {
    const circle = circles.findIndex((ids) => ids.includes(graph.pins.id(pin)));
    const vector = Array.from({ length: dimension }, (_, axis) => (axis === circle ? 1 : 0.2 * chance.normal()));
    const length = Math.hypot(...vector);
    vectors.set(
      vector.map((value) => value / length),
      pin * dimension,
    );
  }
  return { modelId: 'small', graphId: graph.id, dimension, metric: 'cosine', pinIds: graph.pins.ids(), vectors };
}

/** The real recommender, its ranker set by hand to trust the paths score and the likeness of vectors. */
export async function smallRecommender(graph: Graph = smallWorld()): Promise<Recommender> {
  const table = tableOf(graph);
  const names = ['rp3beta', 'pixie', 'pinsage', 'popularity'] as const;
  const fitted = await Promise.all(names.map((name) => fitSource(graph, name)));
  const sources = fitted.map((source) => openSource(source, { topology: graph.topology, table }));
  const features = new FeatureExtractor(graph, table, names).names;
  const ranker: PinnabilityModel = {
    features,
    means: features.map(() => 0),
    deviations: features.map(() => 1),
    weights: features.map(
      (name) => Number(name.startsWith('rp3beta.')) + 2 * Number(name.startsWith('pair.similarity')),
    ),
    intercept: -3,
  };
  return new Recommender({
    modelId: 'small-model',
    graph,
    table,
    sources,
    ranker,
    blend: blendDefaults,
    candidatesPerSource: 100,
  });
}
