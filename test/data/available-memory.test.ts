import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foreseeMemory, groupUse, memoryLeft, systemMemory } from '../../src/data/available-memory.js';
import { readManifest } from '../../src/graph/manifest.js';
import { openBytes, openGraph } from '../../src/graph/open.js';
import { writeGraph } from '../../src/graph/write.js';
import { trainModel } from '../../src/pipeline/train-model.js';
import { plantedGraph } from '../training/planted-graph.js';

let folder: string;
let graph: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-memory-'));
  graph = join(folder, 'graph');
  await writeGraph(graph, plantedGraph());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const system = { free: 8e9, resident: 1e9, heap: 2e9 };
const need = { what: 'This', bytes: 3e9, mend: 'Do less.' };

describe('memory that is left', () => {
  test('is what the machine can give, or what the container still allows where that is less', () => {
    expect(memoryLeft(system, '')).toBe(8e9);
    expect(memoryLeft({ ...system, group: { limit: 4e9, used: 1.5e9 } }, '')).toBe(2.5e9);
    expect(memoryLeft({ ...system, group: { limit: 64e9, used: 1.5e9 } }, '')).toBe(8e9);
  });

  test('follows the setting where there is one', () => {
    expect(memoryLeft(system, '3GB')).toBe(2e9);
    expect(memoryLeft(system, 'unlimited')).toBe(Number.POSITIVE_INFINITY);
    expect(() => memoryLeft(system, 'much')).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });

  test('counts no file pages of a control group, of either version', () => {
    const second: Record<string, string> = {
      '/proc/self/cgroup': '0::/app\n',
      '/sys/fs/cgroup/app/memory.current': '5000\n',
      '/sys/fs/cgroup/app/memory.stat': 'anon 2000\nfile 3000\ninactive_file 1000\nactive_file 1500\n',
    };
    expect(groupUse((path) => second[path] ?? '')).toBe(2500);
    const first: Record<string, string> = {
      '/proc/self/cgroup': '9:cpu:/x\n4:memory:/not/seen/inside\n0::/\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '5000\n',
      '/sys/fs/cgroup/memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 300\ntotal_active_file 200\n',
    };
    expect(groupUse((path) => first[path] ?? '')).toBe(4500);
    expect(groupUse(() => '')).toBeUndefined();
  });

  test('is some of this machine, here and now', () => {
    const left = memoryLeft(systemMemory(), '');
    expect(left).toBeGreaterThan(1e6);
    expect(left).toBeLessThan(1e14);
  });
});

describe('work that needs more', () => {
  test('stops with what it needs, what there is and what to do', () => {
    expect(() => foreseeMemory({ ...need, left: 2e9 }, system)).toThrow(
      expect.objectContaining({
        code: 'out_of_memory',
        message: expect.stringMatching(/^This needs 3,128 MB of memory.* 2,000 MB more\. Do less\. .*BOARDWALK_MEMORY/),
      }),
    );
    foreseeMemory({ ...need, left: 3.128e9 }, system);
  });

  test('is told of the heap apart, which has a limit of its own', () => {
    expect(() => foreseeMemory({ ...need, heap: 2.5e9, left: 9e9 }, system)).toThrow(/--max-old-space-size=\d+/);
  });

  test('is not begun: a graph is not opened, and a model not trained', async () => {
    const { bytes } = openBytes(readManifest(graph));
    await openGraph(graph, { memory: bytes + 128e6 });
    await expect(openGraph(graph, { memory: bytes + 128e6 - 1 })).rejects.toMatchObject({
      code: 'out_of_memory',
      subject: { file: graph },
    });
    const out = join(folder, 'model');
    await expect(trainModel({ graphDirectory: graph, out, memory: 1000 })).rejects.toThrow(/^Training on .* needs/);
  });
});
