import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import type { IalsFactors } from '../../src/candidates/ials-factors.js';
import { neighboursOf } from '../../src/graph/graph.js';
import { fitBestSource } from '../../src/pipeline/choose-settings.js';
import { smallGraph } from '../candidates/small-graph.js';

const graph = smallGraph(200, 160);

describe('choosing the settings of a source', () => {
  const judged = Array.from({ length: 20 }, (_, board) => {
    const pins = neighboursOf(graph.topology.boards, board);
    return { board, query: evenQuery(pins.subarray(1)), saved: new Set(pins.subarray(0, 1)) };
  });

  it('fits the chosen ones in full where they were compared by cheap fits', async () => {
    const { settings, fitted } = await fitBestSource(graph, 'ials', judged, []);
    expect(Object.keys(settings).sort()).toEqual(['regularisation', 'unobserved']);
    expect((fitted as IalsFactors).dimension).toBe(160);
  });

  it('fits a source without choices as it is', async () => {
    expect((await fitBestSource(graph, 'itemknn', judged, [])).settings).toEqual({});
  });
});
