import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../../src/candidates/candidate-source.js';
import type { CandidateSource } from '../../../src/candidates/candidate-source.js';
import { fitSource, openSource, type SourceSettings } from '../../../src/candidates/fitted-source.js';
import type { IalsFactors } from '../../../src/candidates/ials-factors.js';
import { neighboursOf } from '../../../src/graph/graph.js';
import { fitBestSource } from '../../../src/pipeline/fit/fit-best-source.js';
import { smallGraph } from '../../candidates/small-graph.js';

const graph = smallGraph(200, 160);

describe('choosing the settings of a source', () => {
  const judged = Array.from({ length: 20 }, (_, board) => {
    const pins = neighboursOf(graph.topology.boards, board);
    return { board, query: evenQuery(pins.subarray(1)), saved: new Set(pins.subarray(0, 1)) };
  });

  it('fits the chosen ones in full where they were compared by cheap fits', async () => {
    const { settings, fitted } = await fitBestSource(graph.topology, 'ials', judged, []);
    expect(Object.keys(settings).sort()).toEqual(['alone', 'regularisation', 'unobserved']);
    expect((fitted as IalsFactors).dimension).toBe(160);
  });

  it('keeps the settings that find most without partners too', async () => {
    const recall = (source: CandidateSource): number =>
      judged.reduce((sum, { query, saved }) => {
        const found = new Set(source.retrieve(query, 20).pins);
        return sum + [...saved].filter((pin) => found.has(pin)).length / saved.size;
      }, 0);
    const open = (settings: SourceSettings): CandidateSource =>
      openSource({ ...chosen, settings }, { topology: graph.topology });
    const popular = openSource(await fitSource(graph, 'popularity'), { topology: graph.topology });
    const chosen = await fitBestSource(graph.topology, 'gfcf', judged, [popular]);
    const alone = recall(open(chosen.settings.alone as SourceSettings));
    for (const [weight, sharpen] of [
      [0.3, 0],
      [0.5, 1],
      [0.8, 1.3],
    ])
      expect(alone).toBeGreaterThanOrEqual(recall(open({ weight, sharpen })));
  });

  it('asks its partners once for all settings of a list', async () => {
    const popular = openSource(await fitSource(graph, 'popularity'), { topology: graph.topology });
    let asked = 0;
    const counted: CandidateSource = {
      ...popular,
      prepare(queries) {
        asked += queries.length;
        popular.prepare?.(queries);
      },
    };
    await fitBestSource(graph.topology, 'gfcf', judged, [counted]);
    expect(asked).toBe(judged.length);
  });

  it('fits a source without choices as it is', async () => {
    expect((await fitBestSource(graph.topology, 'itemknn', judged, [])).settings).toEqual({});
  });
});
