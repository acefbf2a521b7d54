import { dirname, join, relative, resolve, sep } from 'node:path';
import { isStringLiteral } from 'typescript/unstable/ast/is';
import { API } from 'typescript/unstable/sync';
import { afterAll, describe, expect, test } from 'vitest';

/** From the bottom up: files import from their own place and those before it. `root` is any other file of src. */
const order = (
  'root linear metrics data graph sampling model embedding training ann candidates ranking blending recommender.ts ' +
  'registry evaluation pipeline server commands cli.ts index.ts'
).split(' ');

/** Places that what answers requests keeps away from although they lie lower. */
const training = ['model', 'training'];
const apart: Record<string, readonly string[]> = {
  ann: ['graph', 'sampling', ...training],
  candidates: training,
  ranking: training,
  blending: training,
  'recommender.ts': training,
  registry: training,
  evaluation: training,
  server: ['evaluation', 'pipeline', ...training],
};

function placeOf(file: string): string {
  const first = file.split(sep)[0];
  return file === first && !order.includes(file) ? 'root' : first;
}

/** Whether one file of src may import another; a folder that `order` lacks may not be imported at all. */
function mayImport(from: string, to: string): boolean {
  const [own, other] = [placeOf(from), placeOf(to)];
  if (own === other) return true;
  return order.includes(other) && order.indexOf(other) < order.indexOf(own) && !apart[own]?.includes(other);
}

const api = new API();
afterAll(() => api.close());

/** Every import of one file of src by another: of values, of types alone, and those made when the code runs. */
function importsOf(config: string): { from: string; to: string }[] {
  const project = api.updateSnapshot({ openProject: config }).getProject(config)!;
  const src = join(dirname(config), 'src');
  return project.rootFiles
    .filter((file) => file.startsWith(src + sep))
    .flatMap((file) =>
      project.program.getSourceFile(file)!.imports.flatMap((name) => {
        if (!isStringLiteral(name) || !name.text.startsWith('.')) return [];
        const path = resolve(dirname(file), name.text).replace(/\.js$/, '.ts');
        return [{ from: relative(src, file), to: relative(src, path) }];
      }),
    );
}

describe('imports point one way', () => {
  const imports = importsOf(resolve('tsconfig.json'));

  test('no file of src imports from a place above its own', () => {
    const wrong = imports.filter(({ from, to }) => !mayImport(from, to));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('imports of values, of types and at run time are seen, from nested folders too', () => {
    for (const seen of [
      { from: 'graph/live/delta-log.ts', to: 'errors.ts' },
      { from: 'server/routes/route-context.ts', to: 'server/service.ts' },
      { from: 'cli.ts', to: 'commands/demo.ts' },
    ])
      expect(imports).toContainEqual(seen);
  });

  test.each([
    ['graph/live/delta-log.ts', 'training/towers/tower.ts'],
    ['server/routes/pins.ts', 'pipeline/demo.ts'],
    ['ann/exact.ts', 'graph/graph.ts'],
    ['errors.ts', 'data/crc.ts'],
    ['linear/orthonormal.ts', 'graph/graph.ts'],
    ['pipeline/demo.ts', 'a-new-folder/file.ts'],
  ])('%s may not import %s', (from, to) => expect(mayImport(from, to)).toBe(false));
});
