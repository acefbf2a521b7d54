import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArrowBuffer, arrowBuffers } from '../../src/data/arrow-layout.js';
import { withFileBytes } from '../../src/data/file-bytes.js';
import { BoardwalkError } from '../../src/errors.js';
import { buildGraph } from '../../src/graph/build.js';
import { formatVersion, type Manifest, readManifest } from '../../src/graph/manifest.js';
import { openGraph } from '../../src/graph/open.js';

let folder: string;
let whole: string;
let copies = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-damaged-'));
  whole = join(folder, 'whole');
  const pins = Array.from({ length: 40 }, (_, pin) => `p${pin},title ${pin},2024-01-${10 + (pin % 20)},${pin},1`);
  const edges = Array.from({ length: 120 }, (_, edge) => `b${edge % 7},p${edge % 40},2024-02-03,${edge},s${edge % 3}`);
  writeFileSync(join(folder, 'my pins.csv'), `pin_id,title,created_at,look_0,look_1\n${pins.join('\n')}\n`);
  writeFileSync(join(folder, 'edges.csv'), `board,pin_id,added_at,weight,section\n${edges.join('\n')}\n`);
  await buildGraph({
    edges: [join(folder, 'edges.csv')],
    pins: join(folder, 'my pins.csv'),
    columns: { edges: { board_id: 'board' } },
    out: whole,
    threads: 1,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function damaged(damage: (path: string) => void): string {
  const path = join(folder, `copy ${copies++}`);
  cpSync(whole, path, { recursive: true });
  damage(path);
  return path;
}

async function errorOf(work: Promise<unknown>): Promise<BoardwalkError> {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(BoardwalkError);
    return error as BoardwalkError;
  }
  throw new Error('nothing was refused');
}

function buffersIn(path: string): ArrowBuffer[] {
  return withFileBytes(path, (file) => [...arrowBuffers(file, '')].filter(({ bytes }) => bytes > 0));
}

function changeManifest(path: string, change: (manifest: Manifest) => object): void {
  const file = join(path, 'manifest.json');
  writeFileSync(file, JSON.stringify({ ...readManifest(path), ...change(readManifest(path)) }));
}

const rebuild = "boardwalk build --edges edges.csv --pins 'my pins.csv' --edge-columns board_id=board --out NEW";

describe('a graph directory', () => {
  test('has a checksum of every column', () => {
    const { files } = readManifest(whole);
    const columns = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, Object.keys(file.columns!)]));
    expect(columns).toEqual({
      'pins.adjacency.arrow': ['neighbours'],
      'boards.adjacency.arrow': ['neighbours'],
      'pins.attributes.arrow': ['id', 'title', 'created_at'],
      'boards.attributes.arrow': ['id'],
      'pins.edges.arrow': ['added_at', 'weight', 'section'],
      'boards.edges.arrow': ['added_at', 'weight', 'section'],
      'features/look.arrow': ['look'],
    });
  });

  test('with a flipped bit names the file, the column and both checksums', async () => {
    for (const name of Object.keys(readManifest(whole).files)) {
      for (const { column, from, bytes } of buffersIn(join(whole, name))) {
        const path = damaged((copy) => {
          const content = readFileSync(join(copy, name));
          content[from + (bytes >> 1)] ^= 4;
          writeFileSync(join(copy, name), content);
        });
        const { code, message, subject } = await errorOf(openGraph(path, { checksums: true }));
        expect([code, subject]).toEqual(['checksum', { file: join(path, name), field: column }]);
        expect(message).toMatch(/\(CRC-32\) is [0-9a-f]{8} instead of [0-9a-f]{8}\./);
        expect(message).toContain(rebuild);
      }
    }
  });

  test('cut short anywhere names the file, its sizes and the column that the cut is in', async () => {
    const name = 'pins.attributes.arrow';
    const size = statSync(join(whole, name)).size;
    const path = damaged(() => {});
    for (let end = size - 1; end >= 0; end -= 7) {
      truncateSync(join(path, name), end);
      const { message, subject } = await errorOf(openGraph(path));
      expect(message).toContain(`has ${end} bytes instead of ${size}`);
      const hit = buffersIn(join(whole, name)).find(({ from, bytes }) => from < end && end < from + bytes);
      if (hit) expect(subject.field).toBe(hit.column);
      if (hit) expect(message).toContain(`it ends within column "${hit.column}"`);
    }
  });

  test('whose rows or neighbours point outside is refused without checksums, before a walk could follow', async () => {
    const name = 'boards.adjacency.arrow';
    const [offsets, neighbours] = buffersIn(join(whole, name));
    const wrong: [number, number, RegExp][] = [
      [offsets.from, 3, /begins at 3/],
      [offsets.from + 8, 1_000_000, /ends before it begins/],
      [offsets.from + offsets.bytes - 4, 0, /ends before it begins/],
      [neighbours.from + 12, 40, /names node 40, and the other side has 40/],
    ];
    for (const [at, value, expected] of wrong) {
      const path = damaged((copy) => {
        const content = readFileSync(join(copy, name));
        content.writeUInt32LE(value, at);
        writeFileSync(join(copy, name), content);
      });
      const { message, subject } = await errorOf(openGraph(path));
      expect(message).toMatch(expected);
      expect(subject).toEqual({ file: join(path, name), field: 'neighbours' });
    }
  });

  test('whose manifest does not fit its own id is refused', async () => {
    const path = damaged((copy) =>
      changeManifest(copy, ({ files }) => ({
        files: { ...files, 'pins.edges.arrow': { ...files['pins.edges.arrow'], sha256: '0'.repeat(64) } },
      })),
    );
    expect((await errorOf(openGraph(path))).message).toContain('its field "id" cannot be right');
  });

  test('of a newer version says which Boardwalk reads it, and how to build it with this one', async () => {
    const path = damaged((copy) =>
      changeManifest(copy, ({ provenance }) => ({
        version: formatVersion + 1,
        provenance: { ...provenance, tool: 'boardwalk 7.1.0' },
      })),
    );
    const { code, message } = await errorOf(openGraph(path));
    expect(code).toBe('format_version');
    expect(message).toContain(`format version ${formatVersion + 1}, made by boardwalk 7.1.0`);
    expect(message).toContain('Install boardwalk@7.1.0 or later');
    expect(message).toContain(rebuild);
  });

  test('of an older version says how to build it again', async () => {
    const path = damaged((copy) => changeManifest(copy, () => ({ version: 0 })));
    const { message } = await errorOf(openGraph(path));
    expect(message).not.toContain('Install');
    expect(message).toContain(rebuild);
  });
});
