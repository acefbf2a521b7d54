import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { fitSource, openSource } from '../../src/candidates/fitted-source.js';
import { tuneOnHidden, tuneSources } from '../../src/candidates/tune.js';
import { neighboursOf } from '../../src/graph/graph.js';
import { memoryGraph, withoutEdges } from '../../src/graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../../src/graph/split.js';
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

  it('compares by cheap fits whose size is not kept', async () => {
    const { ials, ease } = await tuneSources(graph, ['ials', 'ease'], { k: 5 });
    expect(Object.keys(ials!).sort()).toEqual(['regularisation', 'unobserved']);
    expect(Object.keys(ease!)).toEqual(['regularisation']);
  });
});
