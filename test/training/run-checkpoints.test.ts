import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pinSageSpec } from '../../src/model/spec.js';
import type { Position } from '../../src/training/checkpoint.js';
import { RunCheckpoints } from '../../src/training/run-checkpoints.js';

const scratch = mkdtempSync(join(tmpdir(), 'boardwalk-checkpoints-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Saves at each position in turn, and tells which is left where the run diverges after so many steps. */
async function leftAt(divergence: number, ...positions: readonly Partial<Position>[]): Promise<number | undefined> {
  const checkpoints = new RunCheckpoints(mkdtempSync(join(scratch, 'run-')), { seconds: 0, resumed: false });
  const weights = new Map([['w', { shape: [1], values: new Float32Array(1) }]]);
  for (const position of positions)
    await checkpoints.save({
      model: { spec: pinSageSpec(), features: pinSageSpec().features as never, weights },
      moments: new Map(),
      position: { epoch: 2, batch: 1, steps: 0, bestEpoch: 0, bestHitRate: 0, ...position },
      seed: 1,
      graphId: 'graph',
    });
  return checkpoints.takeBack(divergence);
}

const best = { batch: 0, bestEpoch: 1, bestHitRate: 0.3 };

it('takes back weights that nothing has shown to be good', async () => {
  expect(await leftAt(30, { steps: 25 })).toBeUndefined();
  expect(await leftAt(30, { steps: 12 }, { steps: 25 })).toBe(12);
  expect(await leftAt(35, { steps: 12 }, { steps: 25 })).toBe(25);
  expect(await leftAt(30, { ...best, steps: 25 })).toBe(25);
});

it('keeps the last good weights however many others are saved soon after them', async () => {
  expect(await leftAt(27, { ...best, steps: 24 }, { steps: 25 }, { steps: 26 })).toBe(24);
  expect(await leftAt(48, { ...best, steps: 24 }, { steps: 30 }, { steps: 38 }, { steps: 45 })).toBe(24);
  expect(await leftAt(58, { ...best, steps: 24 }, { steps: 30 }, { steps: 41 }, { steps: 52 })).toBe(41);
});
