import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeWholeDirectory } from '../../src/data/whole-directory.js';

/** Above every system's largest process number, so it names no running process. */
const deadProcess = 2 ** 30;

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-whole-'));
  target = join(folder, 'out');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leave(kind: string, processId: number): string {
  const path = join(folder, `.out.${kind}-${processId}-0a1b2c3d`);
  mkdirSync(path);
  writeFileSync(join(path, 'file'), kind);
  return path;
}

const fill = async (temporary: string): Promise<void> => writeFileSync(join(temporary, 'file'), 'new');

describe('a folder that is written whole', () => {
  test('does not exist while it is being filled, nor after a failure', async () => {
    const failing = writeWholeDirectory(target, async (temporary) => {
      await fill(temporary);
      expect(existsSync(target)).toBe(false);
      throw new Error('disk on fire');
    });
    await expect(failing).rejects.toThrow('disk on fire');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is the old one until the new one is whole, and stays the old one after a failure', async () => {
    await writeWholeDirectory(target, async (temporary) => writeFileSync(join(temporary, 'file'), 'old'));
    const failing = writeWholeDirectory(
      target,
      async () => {
        expect(readFileSync(join(target, 'file'), 'utf8')).toBe('old');
        throw new Error('stop');
      },
      { force: true },
    );
    await expect(failing).rejects.toThrow('stop');
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('old');
    await writeWholeDirectory(target, fill, { force: true });
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['out']);
  });

  test('clears what killed runs left, and leaves alone what a running one is filling', async () => {
    leave('building', deadProcess);
    leave('replaced', deadProcess);
    mkdirSync(target);
    const running = leave('building', process.pid);
    await writeWholeDirectory(target, fill, { force: true });
    expect(readdirSync(folder).sort()).toEqual([running.slice(folder.length + 1), 'out'].sort());
  });

  test('puts back the folder that a run moved aside before it was killed', async () => {
    leave('replaced', deadProcess);
    await expect(writeWholeDirectory(target, fill)).rejects.toThrow(/--force/);
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('replaced');
  });
});
