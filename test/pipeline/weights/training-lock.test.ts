import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { trainModel } from '../../../src/pipeline/train-model.js';
import { partialDirectory } from '../../../src/pipeline/weights/partial-run.js';
import { takeTrainingLock } from '../../../src/pipeline/weights/training-lock.js';

let folder: string;
let partial: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-training-lock-'));
  partial = partialDirectory(join(folder, 'model'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function locked(process: number): void {
  mkdirSync(partial);
  writeFileSync(join(partial, 'lock'), JSON.stringify({ process, host: hostname(), started: null }));
  writeFileSync(join(partial, 'run.json'), '{"graph_id": "0"}');
}

const train = (): Promise<unknown> =>
  trainModel({ graphDirectory: join(folder, 'none'), out: join(folder, 'model'), force: true });

describe('the lock of the one that trains into a folder', () => {
  test('leaves what a running process has there, and names the process', async () => {
    locked(process.ppid);
    await expect(train()).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(`model.partial is being trained into by process ${process.ppid}\\. Wait for it`),
    });
    expect(readdirSync(partial).sort()).toEqual(['lock', 'run.json']);
  });

  test('is taken over from a process that was killed, and let go where training fails', async () => {
    locked(2 ** 30);
    await expect(train()).rejects.toThrow('none is no graph directory');
    expect(readdirSync(partial)).toEqual(['run.json']);
  });

  test.runIf(existsSync('/proc/self/stat'))(
    'is taken over from a process that has ended unheard by its parent',
    async () => {
      // When the shell's child ends, the shell is another program, which asks after no child.
      const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
      try {
        const [said] = (await once(parent.stdout, 'data')) as [Buffer];
        const child = Number(said.toString());
        while (!readFileSync(`/proc/${child}/stat`, 'utf8').includes(') Z ')) await pause(5);
        locked(child);
        await expect(train()).rejects.toThrow('none is no graph directory');
      } finally {
        parent.kill();
      }
    },
  );

  test('leaves no folder behind in which nothing lies', () => {
    const release = takeTrainingLock(partial);
    expect(JSON.parse(readFileSync(join(partial, 'lock'), 'utf8')).process).toBe(process.pid);
    release();
    expect(existsSync(partial)).toBe(false);
  });
});
