// tsc emits only what it compiles; the explorer's HTML and CSS travel beside the compiled page.
import { cpSync } from 'node:fs';

cpSync(new URL('../src/explorer/page/', import.meta.url), new URL('../dist/src/explorer/page/', import.meta.url), {
  recursive: true,
  filter: (source) => !source.endsWith('.ts'),
});
