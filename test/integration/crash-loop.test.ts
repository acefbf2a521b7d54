import { expect, test } from 'vitest';
import { crashLoop } from '../../benchmarks/crash-loop/run.js';

test('a writer that is killed loses nothing that it had accepted', async () => {
  const { kills, accepted } = await crashLoop({ kills: 5, seed: 7, life: 400 });
  expect(kills).toBe(5);
  expect(accepted).toBeGreaterThan(0);
});
