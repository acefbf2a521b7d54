import { expect, test } from 'vitest';
import { explain } from '../../src/blending/explanation.js';
import type { Candidate } from '../../src/candidates/candidate.js';
import type { SourceName } from '../../src/candidates/candidate-source.js';
import { graphNow } from '../../src/graph/graph-view.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { Linkage } from '../../src/ranking/linkage.js';

const proposed = (pin: number, ...sources: SourceName[]): Candidate => ({
  pin,
  provenance: sources.map((source) => ({ source, score: 1, rank: 0 })),
});

test('the pin that a result is most like is looked for all over a long query', () => {
  const ids = Array.from({ length: 401 }, (_, pin) => `pin ${pin}`);
  const edges = { boards: new Uint32Array(0), pins: new Uint32Array(0) };
  const graph = memoryGraph({ pins: ids, boards: ['empty'], edges });
  // Vectors turn from pin to pin; the last, which is asked about, points where pin 300 does.
  const angles = ids.map((_, pin) => (pin === 400 ? 300 : pin) / 400);
  const vectors = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
  const table = { modelId: 'm', graphId: graph.id, dimension: 2, metric: 'cosine' as const, pinIds: ids, vectors };
  const query = Uint32Array.from({ length: 400 }, (_, pin) => pin);
  const now = graphNow(graph);
  expect(explain(now, table, new Linkage(now), query, [proposed(400, 'pinsage')])).toEqual([
    [{ pin_id: 'pin 300', text: 'like pin 300' }],
  ]);
});

test('a pin is said to be like another only where it is, and was proposed for that', () => {
  const pins = ['asked', 'alike', 'unlike', 'bare'];
  const edges = { boards: Uint32Array.of(0, 1, 2), pins: Uint32Array.of(1, 1, 2) };
  const graph = memoryGraph({ pins, boards: ['a', 'b', 'c'], edges });
  const vectors = Float32Array.of(1, 0, 1, 0, -1, 0, -1, 0);
  const table = { modelId: 'm', graphId: graph.id, dimension: 2, metric: 'cosine' as const, pinIds: pins, vectors };
  const now = graphNow(graph);
  const shown = [
    proposed(1, 'popularity', 'content'),
    proposed(1, 'popularity', 'ials'),
    proposed(2, 'pinsage', 'popularity'),
    proposed(3, 'pinsage'),
  ];
  expect(explain(now, table, new Linkage(now), Uint32Array.of(0), shown)).toEqual([
    [{ pin_id: 'asked', text: 'like asked' }],
    [{ text: 'saved on 2 boards' }],
    [{ text: 'saved on 1 board' }],
    [],
  ]);
});
