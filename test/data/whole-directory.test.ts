import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readWholeDirectory } from '../../src/data/read-whole-directory.js';
import { restoreDirectory, writeWholeDirectory } from '../../src/data/whole-directory.js';

const kind = { what: 'a folder of these tests', marker: { file: 'file' }, names: ['more'] };

/** Above every system's largest process number, so it names no running process. */
const deadProcess = 2 ** 30;

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-whole-'));
  target = join(folder, 'out');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leave(state: string, processId: number): string {
  const path = join(folder, `.out.${state}-${processId}-0a1b2c3d`);
  mkdirSync(path);
  writeFileSync(join(path, 'file'), state);
  return path;
}

const fill = async (temporary: string): Promise<void> => writeFileSync(join(temporary, 'file'), 'new');

describe('a folder that is written whole', () => {
  test('does not exist while it is being filled, nor after a failure', async () => {
    const failing = writeWholeDirectory(target, kind, async (temporary) => {
      await fill(temporary);
      expect(existsSync(target)).toBe(false);
      throw new Error('disk on fire');
    });
    await expect(failing).rejects.toThrow('disk on fire');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is the old one until the new one is whole, and stays the old one after a failure', async () => {
    await writeWholeDirectory(target, kind, async (temporary) => writeFileSync(join(temporary, 'file'), 'old'));
    const failing = writeWholeDirectory(
      target,
      kind,
      async () => {
        expect(readFileSync(join(target, 'file'), 'utf8')).toBe('old');
        throw new Error('stop');
      },
      { force: true },
    );
    await expect(failing).rejects.toThrow('stop');
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('old');
    await writeWholeDirectory(target, kind, fill, { force: true });
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['out']);
  });

  test('clears what killed runs left, and leaves alone what a running one is filling', async () => {
    leave('building', deadProcess);
    leave('replaced', deadProcess);
    mkdirSync(target);
    const running = leave('building', process.pid);
    await writeWholeDirectory(target, kind, fill, { force: true });
    expect(readdirSync(folder).sort()).toEqual([running.slice(folder.length + 1), 'out'].sort());
  });

  test('puts back the folder that a run moved aside before it was killed', async () => {
    leave('replaced', deadProcess);
    await expect(writeWholeDirectory(target, kind, fill)).rejects.toThrow(/--force/);
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('replaced');
  });

  test.skipIf(process.platform === 'win32')('tells a run with the same number, as in a container, from itself', () => {
    const program = new URL('../../dist/src/data/whole-directory.js', import.meta.url);
    const script = `import { mkdirSync } from 'node:fs';
      import { restoreDirectory } from '${program}';
      const sibling = (work) => process.argv[1] + '/.out.building-' + process.pid + '-' + work;
      mkdirSync(sibling('01'));
      restoreDirectory(process.argv[1] + '/out', sibling('02'), '02');`;
    // The shell's number stays when it becomes Node.
    const shell =
      'cd "$1"; mkdir .out.replaced-$$-00 .out.building-$$-02 .out.building-$$-03; sleep 0.1; ' +
      'exec "$2" --input-type=module -e "$3" "$1"';
    execFileSync('sh', ['-c', shell, 'sh', folder, process.execPath, script]);
    const left = readdirSync(folder).map((name) => name.replace(/\d+-(?=0)/, ''));
    expect(left.sort()).toEqual(['.out.building-01', '.out.building-02', 'out']);
  });

  test('is not put in the place of a folder of another kind, nor of a file', async () => {
    mkdirSync(target);
    writeFileSync(join(target, 'precious'), 'data');
    const refused = (message: RegExp): Promise<void> =>
      expect(writeWholeDirectory(target, kind, fill, { force: true })).rejects.toMatchObject({
        code: 'bad_option',
        message: expect.stringMatching(message),
        subject: { file: target, field: 'out' },
      });
    await refused(/out is not a folder of these tests: it has no file of one, and is not replaced\. Choose another/);
    writeFileSync(join(target, 'file'), 'old');
    await refused(/out holds precious, which is no part of a folder of these tests.*Move precious elsewhere/);
    expect(readFileSync(join(target, 'precious'), 'utf8')).toBe('data');
    rmSync(target, { recursive: true });
    writeFileSync(target, 'data');
    await refused(/out is no folder, and is not replaced/);
    expect(readFileSync(target, 'utf8')).toBe('data');
  });

  test('takes the place of an empty folder, and of one of its kind with a file half written', async () => {
    mkdirSync(target);
    await writeWholeDirectory(target, kind, fill, { force: true });
    writeFileSync(join(target, 'more.part'), 'half');
    await writeWholeDirectory(target, kind, fill, { force: true });
    expect(readdirSync(target)).toEqual(['file']);
  });

  test('takes the place of what a link leads to, also where a killed run has moved that aside', async () => {
    const link = join(folder, 'link');
    symlinkSync('out', link);
    await writeWholeDirectory(target, kind, async (temporary) => writeFileSync(join(temporary, 'file'), 'old'));
    await writeWholeDirectory(link, kind, fill, { force: true });
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('new');
    rmSync(target, { recursive: true });
    leave('replaced', deadProcess);
    restoreDirectory(link);
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('replaced');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['link', 'out']);
  });

  test('is read anew where another has come in its place meanwhile, whatever that made of the reading', async () => {
    await writeWholeDirectory(target, kind, async (temporary) => writeFileSync(join(temporary, 'file'), 'old'));
    const aside = join(folder, `.out.replaced-${process.pid}-0a1b2c3d`);
    const steps = [
      () => renameSync(target, aside),
      () => {
        mkdirSync(target);
        writeFileSync(join(target, 'file'), 'new');
      },
      () => rmSync(aside, { recursive: true }),
    ];
    const seen: string[] = [];
    const text = readWholeDirectory(target, ['file'], (place) => {
      seen.push(readFileSync(join(place, 'file'), 'utf8'));
      steps.shift()?.();
      return seen.at(-1) + readFileSync(join(place, 'file'), 'utf8');
    });
    expect([text, seen]).toEqual(['newnew', ['old', 'old', 'new']]);
    const missing = (): string =>
      readWholeDirectory(join(folder, 'none'), ['file'], (place) => readFileSync(place, 'utf8'));
    expect(missing).toThrow(/ENOENT/);
  });

  test('does not replace what has come there while it was filled', async () => {
    const meanwhile = async (temporary: string): Promise<void> => {
      await fill(temporary);
      mkdirSync(target);
      writeFileSync(join(target, 'precious'), 'data');
    };
    await expect(writeWholeDirectory(target, kind, meanwhile)).rejects.toThrow('exists');
    expect(readdirSync(target)).toEqual(['precious']);
    expect(readdirSync(folder)).toEqual(['out']);
  });
});
