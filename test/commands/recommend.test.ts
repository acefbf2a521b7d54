import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bin/boardwalk.js', import.meta.url));

function refusal(...words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, 'recommend', '--graph', 'graph', ...words], (error, _, stderr) =>
      error ? resolve(stderr) : reject(new Error('It was not refused.')),
    );
  });
}

describe('recommend', () => {
  it.each([
    ['--pin', 'p1'],
    ['--board', 'b1'],
    ['--user', 'ann'],
    ['--prefer', 'owner=ann'],
    ['--exclude-board', 'b1'],
    ['--explain'],
  ])('refuses %s beside a file of boards, whose lists would pass it over', async (...flag) => {
    const stderr = await refusal('--boards', 'boards.csv', '--out', 'lists.csv', ...flag);
    expect(stderr).toContain(`${flag[0]} does not go with --boards and --out.`);
  });
});
