import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../../src/candidates/candidate-source.js';
import { type FittedSource, fitSource } from '../../../src/candidates/fitted-source.js';
import { neighboursOf } from '../../../src/graph/graph.js';
import { fitBestSource } from '../../../src/pipeline/fit/fit-best-source.js';
import { sourceFitting } from '../../../src/pipeline/fit/fitting-thread.js';
import type { Progress } from '../../../src/progress.js';
import { smallGraph } from '../../candidates/small-graph.js';

const graph = smallGraph(200, 160);
const { topology } = graph;
const judged = Array.from({ length: 20 }, (_, board) => {
  const pins = neighboursOf(topology.boards, board);
  return { board, query: evenQuery(pins.subarray(1)), saved: new Set(pins.subarray(0, 1)) };
});
/** As if the graph were large. */
const manyEdges = 1_000_000;

const settingsOf = (sources: readonly FittedSource[]) => sources.map(({ name, settings }) => ({ name, settings }));

describe('fitting sources beside other work', () => {
  it.each([
    ['in a thread', manyEdges],
    ['without one', 0],
  ])('chooses what serves beside the sources before, %s', async (_, edges) => {
    const fitting = sourceFitting(edges);
    try {
      const chosen = await fitting.choose(topology, ['rp3beta', 'pixie', 'gfcf'], judged).finished();
      const first = await fitBestSource(topology, 'rp3beta', judged, []);
      expect(chosen.map(({ name }) => name)).toEqual(['rp3beta', 'gfcf']);
      expect(chosen[0]).toEqual(first);
      const again = await fitting.refit(topology, chosen).finished();
      expect(settingsOf(again)).toEqual(settingsOf(chosen));
      expect(again[1]).toEqual(await fitSource(graph, 'gfcf', chosen[1].settings));
    } finally {
      await fitting.end();
    }
  });

  it('tells what was chosen, once it is waited for', async () => {
    const lines: string[] = [];
    const progress: Progress = {
      note: (line) => void lines.push(line),
      stage: (title) => ({ update() {}, finish: () => void lines.push(title) }),
    };
    const fitting = sourceFitting(manyEdges, progress);
    try {
      await fitting.choose(topology, ['rp3beta'], judged).finished();
    } finally {
      await fitting.end();
    }
    expect(lines[0]).toBe('fitting sources');
    expect(lines[1]).toMatch(/^choosing settings of rp3beta .*"alpha".*recall@20/);
  });

  it('says why the thread failed', async () => {
    const fitting = sourceFitting(manyEdges);
    const sources = [await fitSource(graph, 'ials', { factors: 4 })];
    const broken = { pins: topology.pins, boards: { ...topology.boards, offsets: new Uint32Array() } };
    await expect(fitting.refit(broken, sources).finished()).rejects.toThrow(
      /The thread that fits the candidate sources failed: /,
    );
    await fitting.end();
  });

  it('ends with work under way', async () => {
    const fitting = sourceFitting(manyEdges);
    const underWay = fitting.choose(topology, ['rp3beta', 'ials'], judged);
    await fitting.end();
    await expect(underWay.finished()).rejects.toMatchObject({ code: 'interrupted' });
  });
});
