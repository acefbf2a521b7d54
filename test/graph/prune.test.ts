import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptTopology, rowOfEachEdge, topologyFromEdges } from '../../src/graph/adjacency.js';
import { findCommunities, noTopic } from '../../src/graph/communities.js';
import { degree, neighboursOf, type Topology } from '../../src/graph/graph.js';
import { topicAgreement } from '../../src/graph/prune-agreement.js';
import { keptDegree } from '../../src/graph/prune-edges.js';
import { pruneDefaults, pruneEdges, type PruneOptions } from '../../src/graph/prune.js';
import { plantedGraph } from './planted-topics.js';

interface Case {
  topology: Topology;
  topics: { count: number; pins: Uint32Array };
  content: Uint8Array;
}

const topicCount = 4;

const cases: fc.Arbitrary<Case> = fc
  .record({ pins: fc.integer({ min: 1, max: 15 }), boards: fc.integer({ min: 1, max: 15 }) })
  .chain(({ pins, boards }) =>
    fc.record({
      edges: fc.uniqueArray(fc.tuple(fc.nat(boards - 1), fc.nat(pins - 1)), { maxLength: 120, selector: String }),
      topics: fc.array(fc.constantFrom(0, 1, 2, 3, noTopic), { minLength: pins, maxLength: pins }),
      content: fc.array(fc.constantFrom(0, 1), { minLength: pins, maxLength: pins }),
      pins: fc.constant(pins),
      boards: fc.constant(boards),
    }),
  )
  .map(({ edges, topics, content, pins, boards }) => ({
    topology: topologyFromEdges(
      { boards: Uint32Array.from(edges, ([board]) => board), pins: Uint32Array.from(edges, ([, pin]) => pin) },
      pins,
      boards,
    ),
    topics: { count: topicCount, pins: Uint32Array.from(topics) },
    content: Uint8Array.from(content),
  }));

const options: fc.Arbitrary<PruneOptions> = fc.record({
  entropy: fc.constantFrom(0, 0.1, 0.5, 0.99),
  delta: fc.constantFrom(0.1, 0.5, 0.91, 1),
  minimumBoards: fc.nat(3),
  contentOnly: fc.boolean(),
});

/** A board's topic distribution, as a dense vector: the share of each topic among its pins that have one. */
function distributionOf({ topology, topics }: Case, board: number): number[] {
  const known = [...neighboursOf(topology.boards, board)].map((pin) => topics.pins[pin]).filter((t) => t !== noTopic);
  return Array.from(
    { length: topicCount },
    (_, t) => known.filter((topic) => topic === t).length / (known.length || 1),
  );
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

describe('topic agreement', () => {
  test("is the entropy of each board's topics and the cosine of each pin's and its board's", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { entropy, cosine } = topicAgreement(given.topology.boards, given.topics);
        const rows = rowOfEachEdge(given.topology.boards);
        for (const [board, value] of entropy.entries()) {
          const shares = distributionOf(given, board).filter((share) => share > 0);
          expect(value).toBeCloseTo(-shares.reduce((sum, share) => sum + share * Math.log(share), 0), 5);
        }
        for (const [edge, value] of cosine.entries()) {
          const topic = given.topics.pins[given.topology.boards.neighbours[edge]];
          const own = Array.from({ length: topicCount }, (_, t) => Number(t === topic));
          const board = distributionOf(given, rows[edge]);
          const lengths = Math.sqrt(dot(own, own) * dot(board, board));
          expect(value).toBeCloseTo(lengths === 0 ? 0 : dot(own, board) / lengths, 5);
        }
      }),
    );
  });
});

/** The edges that pruning should keep, the slow way, each as `board pin`. */
function keptEdges({ topology, topics, content }: Case, chosen: PruneOptions): string[] {
  const { pins, boards } = topology;
  const rows = rowOfEachEdge(boards);
  const { entropy, cosine } = topicAgreement(boards, topics);
  const edges = [...rows].map((board, edge) => ({ board, pin: boards.neighbours[edge], cosine: cosine[edge] }));
  const linked = [...new Set(rows)];
  linked.sort((a, b) => entropy[b] - entropy[a] || degree(boards, b) - degree(boards, a) || b - a);
  const highest = linked.slice(0, Math.floor(chosen.entropy * linked.length));
  const dropped = new Set(highest.filter((board) => entropy[board] > 0));
  const left = edges.filter(
    ({ board, pin }) =>
      degree(pins, pin) >= chosen.minimumBoards && (!chosen.contentOnly || content[pin] === 1) && !dropped.has(board),
  );
  return [...new Set(boards.neighbours)].flatMap((pin) => {
    const own = left.filter((edge) => edge.pin === pin);
    own.sort((a, b) => b.cosine - a.cosine || degree(boards, a.board) - degree(boards, b.board) || a.board - b.board);
    return own.slice(0, Math.ceil(own.length ** chosen.delta)).map(({ board }) => `${board} ${pin}`);
  });
}

describe('pruning', () => {
  test('keeps what a plain reference keeps, and reports what went', () => {
    fc.assert(
      fc.property(cases, options, (given, chosen) => {
        const { topology, topics, content } = given;
        const { keep, report } = pruneEdges(topology, { topics, content }, chosen);
        expect(pruneEdges(topology, { topics, content }, chosen)).toEqual({ keep, report });
        const pruned = keptTopology(topology, (_, edge) => keep[edge] === 1);
        const left = [...rowOfEachEdge(pruned.boards)].map(
          (board, edge) => `${board} ${pruned.boards.neighbours[edge]}`,
        );
        expect(left.sort()).toEqual(keptEdges(given, chosen).sort());

        expect(report.edges).toEqual({ before: keep.length, after: left.length });
        expect(report.boards.edges + report.pins.edges + report.cut.edges).toBe(keep.length - left.length);
        expect(report.degrees.reduce((sum, each) => sum + each.before, 0)).toBe(keep.length);
        expect(report.degrees.reduce((sum, each) => sum + each.after, 0)).toBe(left.length);
        const reached = (rows: Topology['pins']): number => new Set(rowOfEachEdge(rows)).size;
        expect(report.stranded).toBe(reached(topology.pins) - reached(pruned.pins));
        expect(report.bytes.before - report.bytes.after).toBe(8 * (keep.length - left.length));
      }),
    );
  });

  test('invents no edge, caps every pin and leaves every node where it was', () => {
    fc.assert(
      fc.property(cases, options, ({ topology, topics, content }, chosen) => {
        const { keep } = pruneEdges(topology, { topics, content }, chosen);
        const pruned = keptTopology(topology, (_, edge) => keep[edge] === 1);
        expect(pruned.boards.offsets.length).toBe(topology.boards.offsets.length);
        for (const pin of topology.pins.offsets.subarray(1).keys()) {
          const before = neighboursOf(topology.pins, pin);
          const after = neighboursOf(pruned.pins, pin);
          expect(after.length).toBeLessThanOrEqual(keptDegree(before.length, chosen.delta));
          for (const board of after) expect(before).toContain(board);
        }
      }),
    );
  });

  test('takes away the boards without a theme and the strays before all else', () => {
    const { graph, pins, boards } = plantedGraph({ stray: 0.2, boards: 200 });
    const { topology } = graph;
    // One board in ten is a dump: pins drawn over all topics.
    const isDump = (board: number): boolean => board % 10 === 9;
    const rows = rowOfEachEdge(topology.boards);
    const spread = topology.boards.neighbours.map((pin, edge) =>
      isDump(rows[edge]) ? 4 * Math.floor(pin / 4) + ((edge - topology.boards.offsets[rows[edge]]) % 4) : pin,
    );
    const unique = new Map([...spread].map((pin, edge) => [`${rows[edge]} ${pin}`, edge]));
    const edges = [...unique.values()];
    const dumped = topologyFromEdges(
      { boards: Uint32Array.from(edges, (edge) => rows[edge]), pins: Uint32Array.from(edges, (edge) => spread[edge]) },
      pins.length,
      boards.length,
    );
    const found = findCommunities(dumped);
    const { keep, report } = pruneEdges(dumped, { topics: found }, { ...pruneDefaults, entropy: 0.1, delta: 0.8 });
    const left = rowOfEachEdge(dumped.boards);
    const share = (flag: number, holds: (edge: number) => boolean): number => {
      const picked = [...keep.keys()].filter((edge) => keep[edge] === flag);
      return picked.filter(holds).length / picked.length;
    };
    expect(report.boards.dropped).toBe(20);
    for (const [edge, board] of left.entries()) if (isDump(board)) expect(keep[edge]).toBe(0);
    const stray = (edge: number): boolean =>
      !isDump(left[edge]) && boards[left[edge]] !== pins[dumped.boards.neighbours[edge]];
    expect(share(1, stray)).toBeLessThan(0.2 * share(0, stray));
  });

  test('refuses shares and powers that make no sense', () => {
    const { topology } = plantedGraph().graph;
    const topics = { count: 0, pins: new Uint32Array(200).fill(noTopic) };
    for (const wrong of [{ entropy: 1 }, { entropy: -0.1 }, { delta: 0 }, { delta: 1.1 }, { minimumBoards: 0.5 }])
      expect(() => pruneEdges(topology, { topics }, { ...pruneDefaults, ...wrong })).toThrow(
        expect.objectContaining({ code: 'bad_option' }),
      );
  });

  test('keeps ⌈|E|^δ⌉ edges of a pin, unspoilt by rounding', () => {
    expect([1, 2, 10, 100, 1000].map((edges) => keptDegree(edges, 0.91))).toEqual([1, 2, 9, 67, 538]);
    // 1000^(2/3) is 100 but for the last bits.
    expect(keptDegree(1000, 2 / 3)).toBe(100);
    expect(keptDegree(0, 0.5)).toBe(0);
    expect(keptDegree(7, 1)).toBe(7);
  });
});
