import { describe, expect, test } from 'vitest';
import { estimateBuild } from '../../src/graph/build-estimate.js';
import { assumedSize, type GraphSize, sizeOfFiles } from '../../src/graph/graph-size.js';
import { writeSampleFiles } from '../../src/graph/sample-files.js';
import { buildBench } from './build-bench.js';

const { path, file, build } = buildBench();

const wide: GraphSize = {
  edges: 60_000,
  addedAt: true,
  weight: true,
  section: true,
  pins: { count: 9_000, columns: 4, idBytes: 18, textBytes: 120 },
  boards: { count: 700, columns: 2, idBytes: 9, textBytes: 30 },
};

describe('the size of files', () => {
  test('is what a sample was written with: counts, columns and widths', async () => {
    const { edges, ...nodes } = await writeSampleFiles(path('.'), wide);
    const found = await sizeOfFiles({ edges: [edges], ...nodes });
    expect(found).toMatchObject({ edges: 60_000, addedAt: true, weight: true, section: true });
    for (const side of ['pins', 'boards'] as const) {
      expect(found[side]).toMatchObject({ count: wide[side].count, columns: wide[side].columns });
      expect(found[side].idBytes).toBeCloseTo(wide[side].idBytes, 0);
      expect(Math.abs(found[side].textBytes / wide[side].textBytes - 1)).toBeLessThan(0.1);
    }
  });

  test('counts nodes without a file in the edges', async () => {
    const lines = Array.from({ length: 3_000 }, (_, row) => `board ${row % 70}\tpin ${row % 900}\n`).join('');
    const found = await sizeOfFiles({ edges: [file('e.tsv', `board_id\tpin_id\n${lines}`)] });
    const alone = { columns: 0, textBytes: 0 };
    expect(found).toMatchObject({ edges: 3_000, addedAt: false, pins: { count: 900, ...alone } });
    expect(found.boards).toMatchObject({ count: 70, ...alone });
  });
});

describe('an estimate', () => {
  test('of the graph comes within 15% of the bytes that a build then writes', async () => {
    const { edges, ...nodes } = await writeSampleFiles(path('.'), wide);
    const { graph } = await estimateBuild(wide, { sampleEdges: 2_000 });
    const { manifest } = await build({ edges: [edges], ...nodes });
    const written = Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(Math.abs(graph / written - 1)).toBeLessThan(0.15);
  });

  test('sorts on the disk where --memory asks for it, and stays within it', async () => {
    const size = assumedSize(50_000_000, 2_500_000, 500_000);
    const little = await estimateBuild(size, { memory: '1GB', sampleEdges: 2_000 });
    const much = await estimateBuild(size, { memory: '16GB', sampleEdges: 2_000 });
    expect([little.build.onDisk, much.build.onDisk]).toEqual([true, false]);
    expect(little.build.memory).toBeLessThan(1e9);
    expect(little.graph).toBe(much.graph);
    expect(little.build.disk).toBeGreaterThan(little.graph);
    expect(little.build.seconds).toBeGreaterThan(0);
  });
});
