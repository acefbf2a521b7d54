import { expect, test } from 'vitest';
import type { EmbeddingTable } from '../../../src/embedding/table.js';
import type { EdgeList } from '../../../src/graph/adjacency.js';
import { memoryGraph } from '../../../src/graph/memory-graph.js';
import { chooseVectorSettings } from '../../../src/pipeline/fit/choose-vector-settings.js';
import { random } from '../../../src/random.js';

const clusters = 4;
const warmPerCluster = 150;
const boardsPerCluster = 10;

/**
 * Clusters of pins around axes of the plane's corners. The hidden pin of each board, when it is cold, lies
 * `gap` below the warm pins of its cluster in likeness to the board.
 */
function world(gap: number, withColdPins: boolean) {
  const pins: string[] = [];
  const rows: number[][] = [];
  const unit = (cluster: number, cosine: number): number[] => {
    const row = new Array<number>(clusters * 2).fill(0);
    row[cluster] = cosine;
    row[clusters + cluster] = Math.sqrt(1 - cosine * cosine);
    return row;
  };
  for (let cluster = 0; cluster < clusters; cluster++)
    for (let pin = 0; pin < warmPerCluster; pin++) {
      pins.push(`warm ${cluster} ${pin}`);
      rows.push(unit(cluster, 0.95 - (0.02 * pin) / warmPerCluster));
    }
  const visible: [number, number][] = [];
  const hidden: [number, number][] = [];
  for (let board = 0; board < clusters * boardsPerCluster; board++) {
    const cluster = board % clusters;
    const first = cluster * warmPerCluster;
    for (let pin = 0; pin < warmPerCluster; pin++)
      if (pin % boardsPerCluster === Math.floor(board / clusters)) visible.push([board, first + pin]);
    // Of the middle of its cluster, where the board's mean lies.
    hidden.push([board, first + 70 + ((Math.floor(board / clusters) + 1) % boardsPerCluster)]);
    if (!withColdPins) continue;
    pins.push(`cold ${board}`);
    rows.push(unit(cluster, 0.94 - gap));
    hidden.push([board, pins.length - 1]);
  }
  const list = (edges: [number, number][]): EdgeList => ({
    boards: Uint32Array.from(edges, ([board]) => board),
    pins: Uint32Array.from(edges, ([, pin]) => pin),
  });
  const boards = Array.from({ length: clusters * boardsPerCluster }, (_, board) => `board ${board}`);
  const graph = memoryGraph({ pins, boards, edges: list(visible) });
  const table: EmbeddingTable = {
    modelId: '',
    graphId: graph.id,
    dimension: clusters * 2,
    metric: 'cosine',
    pinIds: pins,
    vectors: Float32Array.from(rows.flat()),
  };
  return { holdout: { graph, hidden: list(hidden), boards: new Uint32Array(0) }, table };
}

test('cold pins that lie below the warm ones are raised about as far as they lie below', () => {
  const { holdout, table } = world(0.12, true);
  const { coldBonus: bonus } = chooseVectorSettings(holdout, { beside: table, alone: table }, 1);
  expect(bonus).toBeGreaterThan(0);
  expect(bonus).toBeLessThanOrEqual(0.16);
});

test('cold pins that are found without help get no bonus', () => {
  const { holdout, table } = world(0, true);
  expect(chooseVectorSettings(holdout, { beside: table, alone: table }, 1).coldBonus).toBe(0);
});

test('without hidden cold pins there is nothing to judge by, and no bonus', () => {
  const { holdout, table } = world(0.12, false);
  expect(chooseVectorSettings(holdout, { beside: table, alone: table }, 1).coldBonus).toBe(0);
});

/** Pins of one direction but for noise, some on more boards than others; boards hide popular ones. */
function popularWorld() {
  const source = random(3);
  const count = 300;
  const pins = Array.from({ length: count }, (_, pin) => `pin ${pin}`);
  const rows = pins.map(() => {
    const row = [1, 0.3 * source.normal(), 0.3 * source.normal()];
    return row.map((value) => value / Math.hypot(...row));
  });
  const edges: [number, number][] = [];
  for (let pin = 0; pin < count; pin++)
    for (let i = 0; i < 1 + (pin % 10) ** 2; i++) edges.push([(pin + 7 * i) % 60, pin]);
  const distinct = [...new Map(edges.map((edge) => [edge.join(), edge])).values()];
  const hidden = Array.from({ length: 60 }, (_, board): [number, number] => {
    const likely = distinct.filter(([, pin]) => pin % 10 > 6).filter(([own]) => own !== board);
    return [board, likely[source.below(likely.length)][1]];
  });
  const fresh = hidden.filter(([board, pin]) => !distinct.some(([a, b]) => a === board && b === pin));
  const boards = Array.from({ length: 60 }, (_, board) => `board ${board}`);
  const list = (pairs: [number, number][]): EdgeList => ({
    boards: Uint32Array.from(pairs, ([board]) => board),
    pins: Uint32Array.from(pairs, ([, pin]) => pin),
  });
  const graph = memoryGraph({ pins, boards, edges: list(distinct) });
  const vectors = Float32Array.from(rows.flat());
  const table: EmbeddingTable = {
    modelId: '',
    graphId: graph.id,
    dimension: 3,
    metric: 'cosine',
    pinIds: pins,
    vectors,
  };
  return { holdout: { graph, hidden: list(fresh), boards: new Uint32Array(0) }, table };
}

test('popular pins are raised where they are what boards lack', () => {
  const { holdout, table } = popularWorld();
  expect(chooseVectorSettings(holdout, { beside: table, alone: table }, 1).alone.popularity).toBeGreaterThan(0);
});

/** Boards of one direction that all hold one pin of another, which is near what nobody hides. */
function crowdedWorld() {
  const perBoard = 6;
  const directions = 8;
  const rows: number[][] = [];
  const visible: [number, number][] = [];
  const hidden: [number, number][] = [];
  const along = (axis: number): number[] =>
    Array.from({ length: directions + 1 }, (_, i) => (i === axis ? 1 : 0.01 * i));
  for (let board = 0; board < 5 * directions; board++) {
    const axis = board % directions;
    const spread = Array.from({ length: perBoard }, () => rows.push(along(axis)) - 1);
    for (const pin of spread.slice(1)) visible.push([board, pin]);
    hidden.push([board, spread[0]]);
    // What is hidden from one board is on another.
    visible.push([(board + directions) % (5 * directions), spread[0]]);
  }
  // On every board, three times as long as others, and alike to pins that are on none of these boards.
  const common = rows.push(along(directions).map((value) => 3 * value)) - 1;
  for (let board = 0; board < 5 * directions; board++) visible.push([board, common]);
  for (let i = 0; i < 200; i++) {
    rows.push(along(directions).map((value) => 3 * value));
    visible.push([5 * directions, rows.length - 1]);
  }
  const list = (edges: [number, number][]): EdgeList => ({
    boards: Uint32Array.from(edges, ([board]) => board),
    pins: Uint32Array.from(edges, ([, pin]) => pin),
  });
  const pins = rows.map((_, pin) => `pin ${pin}`);
  const boards = Array.from({ length: 5 * directions + 1 }, (_, board) => `board ${board}`);
  const graph = memoryGraph({ pins, boards, edges: list(visible) });
  const table: EmbeddingTable = {
    modelId: '',
    graphId: graph.id,
    dimension: directions + 1,
    metric: 'ip',
    pinIds: pins,
    vectors: Float32Array.from(rows.flat()),
  };
  return { holdout: { graph, hidden: list(hidden), boards: new Uint32Array(0) }, table };
}

test('pins that are on every board are damped where they lead queries astray', () => {
  const { holdout, table } = crowdedWorld();
  expect(chooseVectorSettings(holdout, { beside: table, alone: table }, 1).alone.damping).toBeGreaterThan(0);
  const cosines = { ...table, metric: 'cosine' } as const;
  expect(chooseVectorSettings(holdout, { beside: cosines, alone: cosines }, 1).alone.damping).toBe(0);
});
