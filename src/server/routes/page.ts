import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../package-root.js';

/** The browser builds and the typeface that the page loads, each only where it is used. */
const vendorFiles: Record<string, { library: string; file: string }> = {
  'graphology.js': { library: 'graphology', file: 'dist/graphology.umd.min.js' },
  'sigma.js': { library: 'sigma', file: 'dist/sigma.min.js' },
  'd3.js': { library: 'd3', file: 'dist/d3.min.js' },
  'instrument-sans.woff2': {
    library: '@fontsource-variable/instrument-sans',
    file: 'files/instrument-sans-latin-wght-normal.woff2',
  },
  'plot.js': { library: '@observablehq/plot', file: 'dist/plot.umd.min.js' },
};

/** A library's own folder: the first above its entry whose package.json bears its name. */
function folderOf(library: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(library));
  const named = (path: string): boolean =>
    existsSync(join(path, 'package.json')) &&
    JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).name === library;
  while (!named(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No package.json of ${library} above its entry.`);
    folder = parent;
  }
  return folder;
}

/** The explorer page at / with its own files and its libraries; nothing comes from elsewhere. */
export const pageRoutes: FastifyPluginAsync = async (app) => {
  // Browsers run JavaScript alone: the page is as the build leaves it, for a run from source as well.
  const root = join(packageRoot, 'dist/src/explorer/page');
  await app.register(fastifyStatic, { root, prefix: '/assets/', index: false, cacheControl: false, wildcard: true });
  app.addHook('onSend', async (request, reply) => {
    // A library's file changes only with an upgrade; the page's own files are asked for again each time.
    if (request.url.startsWith('/assets/vendor/')) reply.header('cache-control', 'public, max-age=86400');
    else if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache');
  });
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'));
  for (const [name, { library, file }] of Object.entries(vendorFiles))
    app.get(`/assets/vendor/${name}`, { schema: { hide: true } }, (_request, reply) =>
      reply.sendFile(file, folderOf(library)),
    );
};
