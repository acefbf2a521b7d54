import type { BenchmarkResult } from './machine.js';

/** Each is loaded only when it runs. */
const benchmarks: Record<string, () => Promise<{ run: () => Promise<BenchmarkResult> }>> = {
  ablation: () => import('./ablation.js'),
  aggregators: () => import('./aggregators.js'),
  build: () => import('./build.js'),
  delta: () => import('./delta.js'),
  dgl: () => import('./dgl.js'),
  fuzz: () => import('./fuzz.js'),
  ann: () => import('./ann.js'),
  walks: () => import('./walks.js'),
  train: () => import('./train.js'),
  gpu: () => import('./gpu.js'),
  towers: () => import('./towers.js'),
  soak: () => import('./soak.js'),
  embed: () => import('./embed.js'),
  infer: () => import('./infer.js'),
  tables: () => import('./tables.js'),
  serve: () => import('./serve.js'),
  quality: () => import('./quality.js'),
  relations: () => import('./relations.js'),
  prune: () => import('./prune.js'),
};

async function main(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const name = words.find((word) => !word.startsWith('-')) ?? '';
  const load = benchmarks[name];
  if (load === undefined) {
    console.error(`npm run bench -- NAME [--json], NAME being one of ${Object.keys(benchmarks).join(', ')}.`);
    return 2;
  }
  const { ratios, figures } = await (await load()).run();
  if (json) console.log(JSON.stringify({ bench: name, ratios, figures }));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
