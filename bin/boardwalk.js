#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/src/cli.js', import.meta.url);

if (!existsSync(fileURLToPath(cli))) {
  console.error('boardwalk: the program is not built yet. Run `npm run build` in the clone, then try again.');
  process.exit(1);
}
const { main } = await import(cli.href);
process.exitCode = await main(process.argv.slice(2));
