import { expect, test } from 'vitest';
import type { EmbeddingTable } from '../../src/embedding/table.js';
import type { EdgeList } from '../../src/graph/adjacency.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { chooseColdBonus } from '../../src/pipeline/choose-cold-bonus.js';

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
  const bonus = chooseColdBonus(holdout, table, 1);
  expect(bonus).toBeGreaterThan(0);
  expect(bonus).toBeLessThanOrEqual(0.16);
});

test('cold pins that are found without help get no bonus', () => {
  const { holdout, table } = world(0, true);
  expect(chooseColdBonus(holdout, table, 1)).toBe(0);
});

test('without hidden cold pins there is nothing to judge by, and no bonus', () => {
  const { holdout, table } = world(0.12, false);
  expect(chooseColdBonus(holdout, table, 1)).toBe(0);
});
