import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { fitSource, openSource } from '../../src/candidates/fitted-source.js';
import { tuneOnHidden, tuneSources } from '../../src/candidates/tune.js';
import { neighboursOf } from '../../src/graph/graph.js';
import { memoryGraph, withoutEdges } from '../../src/graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../../src/graph/split.js';
import { silentProgress } from '../../src/progress.js';
import { smallGraph } from './small-graph.js';

const graph = smallGraph(80, 60, 3);

describe('tuning', () => {
  it('chooses settings for the tunable sources that are asked for', async () => {
    const chosen = await tuneSources(graph, ['rp3beta', 'popularity'], { k: 5 });
    expect(Object.keys(chosen)).toEqual(['rp3beta']);
    expect(chosen.rp3beta).toHaveProperty('alpha');
  });

  it('chooses among fewer factors of GF-CF and its weight', async () => {
    const { gfcf } = await tuneSources(graph, ['gfcf'], { k: 5 });
    expect(Object.keys(gfcf!).sort()).toEqual(['factors', 'weight']);
  });

  it('passes over the content of a graph without any', async () => {
    const edges = { boards: Uint32Array.of(0, 0, 1, 1), pins: Uint32Array.of(0, 1, 1, 2) };
    const bare = memoryGraph({ pins: ['a', 'b', 'c'], boards: ['x', 'y'], edges });
    expect(await tuneSources(bare, ['content'], { k: 5 })).toEqual({});
    expect(await tuneSources(graph, ['content'], { k: 5 })).toHaveProperty('content.characterGrams');
  });

  it('takes the settings with the best recall on the hidden edges', async () => {
    const mask = holdOutEdges(graph, { seed: 4 });
    const visible = withoutEdges(graph, mask);
    const hidden = heldOutPairs(graph, mask);
    const recall = async (settings: Record<string, unknown>): Promise<number> => {
      const source = openSource(await fitSource(visible, 'rp3beta', settings), { topology: visible.topology });
      const held = new Map<number, number[]>();
      hidden.boards.forEach((board, i) => held.set(board, [...(held.get(board) ?? []), i]));
      let sum = 0;
      for (const [board, places] of held) {
        const top = new Set(source.retrieve(evenQuery(neighboursOf(visible.topology.boards, board)), 5).pins);
        sum += places.filter((i) => top.has(hidden.pins[i])).length / places.length;
      }
      return sum / held.size;
    };
    const chosen = (await tuneOnHidden(visible, hidden, ['rp3beta'], { k: 5 })).rp3beta!;
    const { alpha } = chosen;
    for (const beta of [0, 0.1, 0.2, 0.3, 0.5])
      expect(await recall(chosen)).toBeGreaterThanOrEqual((await recall({ alpha, beta, neighbours: 400 })) - 1e-12);
  });

  it('hides pins of boards as short as most are', async () => {
    const pairs = Array.from({ length: 60 }, (_, board) =>
      [3, 2, 1].map((step) => (board % 6) * 4 + ((board + step) % 4)),
    );
    const edges = {
      boards: Uint32Array.from(pairs.flatMap((pins, board) => pins.map(() => board))),
      pins: Uint32Array.from(pairs.flat()),
    };
    const short = memoryGraph({
      pins: Array.from({ length: 24 }, (_, pin) => `pin ${pin}`),
      boards: pairs.map((_, board) => `board ${board}`),
      edges,
    });
    const summaries: (string | undefined)[] = [];
    const stage = () => ({ update() {}, finish: (summary?: string) => void summaries.push(summary) });
    await tuneSources(short, ['itemknn'], { k: 5, progress: { stage, note() {} } });
    expect(summaries).toEqual([expect.stringMatching(/^recall@5 1\.0000 with /)]);
  });

  it('chooses nothing where no board can lose a pin, and says so', async () => {
    const edges = { boards: Uint32Array.of(0, 1, 2), pins: Uint32Array.of(0, 0, 1) };
    const single = memoryGraph({ pins: ['a', 'b'], boards: ['x', 'y', 'z'], edges });
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
    expect(await tuneSources(single, ['itemknn', 'rp3beta'], { progress })).toEqual({});
    expect(notes).toEqual([expect.stringMatching(/^Nothing is tuned: no board .* Sources keep the settings/)]);
  });

  it('compares by cheap fits whose size is not kept', async () => {
    const { ials, ease } = await tuneSources(graph, ['ials', 'ease'], { k: 5 });
    expect(Object.keys(ials!).sort()).toEqual(['regularisation', 'unobserved']);
    expect(Object.keys(ease!)).toEqual(['regularisation']);
  });
});
