import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { refuseUnwritable, writeWholeFile } from '../../src/data/whole-file.js';

const folder = mkdtempSync(join(tmpdir(), 'boardwalk-whole-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file that is written whole', () => {
  it('is the old one where the writing fails', async () => {
    const path = join(folder, 'kept');
    writeFileSync(path, 'old');
    const failing = async (temporary: string): Promise<void> => {
      await writeFile(temporary, 'half');
      throw new Error('no more');
    };
    await expect(writeWholeFile(path, failing)).rejects.toThrow('no more');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['kept']);
  });
});

describe('a place for a file', () => {
  it('is refused early where it is a folder, lies in none, or under a file', async () => {
    mkdirSync(join(folder, 'inner'));
    const refused = [join(folder, 'inner'), join(folder, 'nowhere', 'page.html'), join(folder, 'kept', 'page.html')];
    for (const path of refused)
      await expect(refuseUnwritable(path, 'report')).rejects.toMatchObject({
        code: 'bad_option',
        subject: { file: path, field: 'report' },
      });
  });

  it('is refused where it is what is read, or lies in it, by whatever name', async () => {
    const read = join(folder, 'read');
    mkdirSync(read);
    writeFileSync(join(read, 'table'), 'whole');
    symlinkSync(read, join(folder, 'link'));
    const refused = (path: string, ...inputs: (string | undefined)[]) =>
      expect(refuseUnwritable(path, 'out', inputs)).rejects.toMatchObject({ code: 'bad_option' });
    await refused(join(read, 'table'), join(read, 'table'));
    await refused(join(folder, 'link', 'new'), undefined, read);
    await refused(join(read, 'new'), join(folder, 'link'));
    await refuseUnwritable(join(folder, 'reader'), 'out', [read, join(folder, 'nowhere'), undefined]);
    expect(readFileSync(join(read, 'table'), 'utf8')).toBe('whole');
    rmSync(join(folder, 'link'));
    rmSync(read, { recursive: true });
  });

  it('is left as it was where a file can be written', async () => {
    const path = join(folder, 'new.html');
    await refuseUnwritable(path, 'report');
    await refuseUnwritable(join(folder, 'kept'), 'report');
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(join(folder, 'kept'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['inner', 'kept']);
  });
});
