import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fitIalsFactors } from '../../src/candidates/ials-factors.js';
import { mapFactors } from '../../src/candidates/mapped-factors.js';
import { fitSource, loadSource, saveSource } from '../../src/candidates/fitted-source.js';
import { smallGraph } from './small-graph.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a fitted source', () => {
  it.each(['rp3beta', 'itemknn', 'ease', 'gfcf', 'ials', 'content'] as const)(
    'comes back from its file: %s',
    async (name) => {
      const fitted = await fitSource(smallGraph(), name, { factors: 8 });
      await saveSource(folder, fitted);
      const back = loadSource(folder, name, fitted.settings);
      expect(back).toEqual(fitted);
      for (const column of Object.values(back.fitted!))
        if (ArrayBuffer.isView(column) && column.byteLength > 64)
          expect(column.buffer).toBeInstanceOf(SharedArrayBuffer);
    },
  );

  const vectors = new Float32Array(new SharedArrayBuffer(4 * 8 * smallGraph().pins.size)).map((_, i) => i);
  const words = { dimension: 8, vectors, networks: [5, 3] };

  it('comes back from its file: vectors of words, which are trained and not fitted', async () => {
    const trained = { name: 'pintext', settings: { coldBonus: 0.1 }, fitted: words } as const;
    await saveSource(folder, trained);
    expect(loadSource(folder, 'pintext', trained.settings)).toEqual(trained);
    await expect(fitSource(smallGraph(), 'pintext')).rejects.toThrow(/comes with a model that has it/);
  });

  it('comes back from its file: mapped factors', async () => {
    const { topology } = smallGraph();
    const fitted = mapFactors(topology, await fitIalsFactors(topology, { factors: 6 }), words, { neighbours: 4 });
    await saveSource(folder, { name: 'mapped', settings: {}, fitted });
    expect(loadSource(folder, 'mapped')).toEqual({ name: 'mapped', settings: {}, fitted });
    await expect(fitSource(smallGraph(), 'mapped')).rejects.toThrow(/comes with a model that has it/);
  });

  it.each(['itemknn', 'gfcf', 'ials', 'content'] as const)(
    'is not saved with values that are no numbers: %s',
    async (name) => {
      const fitted = await fitSource(smallGraph(), name, { factors: 8 });
      const values = Object.values(fitted.fitted!).find((part) => part instanceof Float32Array && part.length > 8)!;
      values[7] = Number.NaN;
      await expect(saveSource(folder, fitted)).rejects.toThrow(
        expect.objectContaining({ code: 'diverged', message: expect.stringContaining(`source "${name}"`) }),
      );
    },
  );

  it('refuses a file of another kind', async () => {
    await saveSource(folder, await fitSource(smallGraph(), 'content'));
    renameSync(join(folder, 'content.arrow'), join(folder, 'gfcf.arrow'));
    expect(() => loadSource(folder, 'gfcf')).toThrow('holds text-terms, not spectral-factors');
  });

  it('is missed where there is no file', () => {
    expect(() => loadSource(join(folder, 'nowhere'), 'rp3beta')).toThrow('nowhere');
  });
});
