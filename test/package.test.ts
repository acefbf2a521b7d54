import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

test('the package holds what the README links to, and nothing that only a clone can use', () => {
  const packing = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ files }] = JSON.parse(
    execFileSync('npm', packing, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }),
  ) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  const readme = readFileSync(`${root}/README.md`, 'utf8');
  const linked = [...readme.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, path]) => path);
  expect(linked.length).toBeGreaterThan(3);
  expect(paths).toEqual(expect.arrayContaining([...linked, 'bin/boardwalk.js', 'dist/src/index.js']));
  expect(paths.filter((path) => path.startsWith('dist/benchmarks') || path.endsWith('.map'))).toEqual([]);
});
