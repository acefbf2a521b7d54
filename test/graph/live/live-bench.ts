import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { LiveGraph } from '../../../src/graph/live/live-graph.js';
import { memoryGraph } from '../../../src/graph/memory-graph.js';
import { writeGraph } from '../../../src/graph/write.js';

/** `board pin` words as a batch. */
export function edges(...pairs: string[]): { boardIds: string[]; pinIds: string[] } {
  const split = pairs.map((pair) => pair.split(' '));
  return { boardIds: split.map(([board]) => board), pinIds: split.map(([, pin]) => pin) };
}

/** Every edge that walks of one side find, as `board pin`, sorted. */
export function walkedEdges({ view }: Pick<LiveGraph, 'view'>, side: 'pins' | 'boards' = 'boards'): string[] {
  const other = side === 'boards' ? view.pins : view.boards;
  const found: string[] = [];
  for (let node = 0; node < view[side].size; node++)
    for (const neighbour of view.neighbours(side, node)) {
      const [id, otherId] = [view[side].id(node), other.id(neighbour)];
      found.push(side === 'boards' ? `${id} ${otherId}` : `${otherId} ${id}`);
    }
  return found.sort();
}

/** A temporary folder for each test; `write` makes the graph of some `board pin` words in it. */
export function liveBench(): { path(name: string): string; write(name: string, ...pairs: string[]): Promise<string> } {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'boardwalk-live-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    async write(name, ...pairs) {
      const { boardIds, pinIds } = edges(...pairs);
      const boards = [...new Set(boardIds)].sort();
      const pins = [...new Set(pinIds)].sort();
      await writeGraph(
        path(name),
        memoryGraph({
          pins,
          boards,
          edges: {
            boards: Uint32Array.from(boardIds, (id) => boards.indexOf(id)),
            pins: Uint32Array.from(pinIds, (id) => pins.indexOf(id)),
          },
          pinAttributes: { title: pins.map((id) => `title of ${id}`) },
          boardAttributes: {},
          features: [
            { name: 'look', dimension: 2, values: Float32Array.from({ length: 2 * pins.length }, (_, i) => i + 1) },
          ],
        }),
      );
      return path(name);
    },
  };
}
