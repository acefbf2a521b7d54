import { expect, test } from 'vitest';
import { explain } from '../../src/blending/explanation.js';
import { graphNow } from '../../src/graph/graph-view.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { Linkage } from '../../src/ranking/linkage.js';

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
  expect(explain(now, table, new Linkage(now), query, Uint32Array.of(400))).toEqual([
    [{ pin_id: 'pin 300', text: 'like pin 300' }],
  ]);
});
