import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bin/boardwalk.js', import.meta.url));

it('ends quietly where its reader has seen enough', async () => {
  const child = spawn(process.execPath, [program, 'recommend', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let complaints = '';
  child.stderr.on('data', (part: Buffer) => (complaints += String(part)));
  const [code] = await once(child, 'close');
  expect(complaints).toBe('');
  expect(code).toBe(0);
});
