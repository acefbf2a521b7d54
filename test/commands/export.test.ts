import { tableFromIPC } from 'apache-arrow';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeEmbeddingTable } from '../../src/embedding/table-file.js';
import { random } from '../../src/random.js';
import { writeJson } from '../../src/registry/json-file.js';
import { readSummary } from '../../src/registry/model.js';

const program = fileURLToPath(new URL('../../bin/boardwalk.js', import.meta.url));
const [pins, dimension] = [200, 8];
let folder: string;

/** Vectors of the pins from `first` on: a pin's own is the same whatever the first. */
function vectors(seed: number, first = 0): Float32Array {
  const source = random(seed);
  const all = Float32Array.from(
    { length: (first + pins) * dimension },
    (_, i) => source.normal() / (1 + (i % dimension)),
  );
  return all.slice(first * dimension);
}

const idOf = (name: string): string => readSummary(join(folder, name)).id;

/** A model directory that holds a table, and what gives it its id. */
async function model(name: string, seed: number, first = 0, values = vectors(seed, first)): Promise<void> {
  mkdirSync(join(folder, name));
  writeJson(join(folder, name, 'spec.json'), { format: 1, graph_id: 'g' });
  writeJson(join(folder, name, 'metrics.json'), {});
  writeFileSync(join(folder, name, 'weights.safetensors'), name);
  const pinIds = Array.from({ length: pins }, (_, i) => `pin ${first + i}`);
  const table = {
    modelId: idOf(name),
    graphId: 'g',
    dimension,
    metric: 'ip' as const,
    pinIds,
    vectors: values,
  };
  await writeEmbeddingTable(join(folder, name, 'embedding.arrow'), table);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-export-command-'));
  await model('old', 1);
  await model('same', 1, 50);
  await model('other', 2);
  await model(
    'alike',
    3,
    0,
    vectors(3).map((_, i, all) => all[i % (4 * dimension)]),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function exported(name: string, ...flags: string[]): Promise<{ code: number; result: any; stderr: string }> {
  const words = ['export', '--model', join(folder, name), '--out', join(folder, 'out'), '--json', ...flags];
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, result: stdout && JSON.parse(stdout), stderr }),
    );
  });
}

const floatsOf = (text: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);

it('writes int4 beside a schema by whose rule alone a stranger unpacks it', async () => {
  const { code, result } = await exported('old', '--to', 'arrow', '--type', 'int4');
  expect(code).toBe(0);
  expect(result).toMatchObject({ type: 'int4', pins, files: [join(folder, 'out'), join(folder, 'out.schema.json')] });
  const bytes = readFileSync(join(folder, 'out'));
  const schema = JSON.parse(readFileSync(join(folder, 'out.schema.json'), 'utf8'));
  expect(schema).toMatchObject({
    format: 1,
    model_id: idOf('old'),
    graph_id: 'g',
    to: 'arrow',
    pins,
    dimension,
    metric: 'ip',
    type: 'int4',
    fields: [
      { name: 'pin_id', type: 'Utf8', nullable: false },
      { name: 'embedding', type: 'FixedSizeList[5]<Uint8>', nullable: false },
      { name: 'scale', type: 'Float32', nullable: false },
    ],
    files: [{ name: 'out', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }],
    drift: null,
  });
  const { wide } = schema.unpacking;
  const [steps, axes] = [floatsOf(schema.unpacking.steps), floatsOf(schema.unpacking.axes)];
  const read = tableFromIPC(bytes);
  const wanted = vectors(1);
  let [lost, whole] = [0, 0];
  for (let row = 0; row < pins; row++) {
    const bytesOf = read.getChild('embedding')?.get(row).toArray() as Uint8Array;
    const scale = read.getChild('scale')?.get(row);
    const coordinates = Array.from({ length: dimension }, (_, axis) => {
      if (axis < wide) return (bytesOf[axis] - 127.5) * steps[axis];
      const half = axis - wide;
      return (((bytesOf[wide + Math.floor(half / 2)] >> (half % 2 ? 4 : 0)) & 15) - 7.5) * steps[axis];
    });
    for (let i = 0; i < dimension; i++) {
      const value = scale * coordinates.reduce((sum, each, axis) => sum + each * axes[axis * dimension + i], 0);
      lost += (value - wanted[row * dimension + i]) ** 2;
      whole += wanted[row * dimension + i] ** 2;
    }
  }
  expect(lost / whole).toBeLessThan(0.01);
});

it('writes the scales of int8 beside npy, and every file is in the schema', async () => {
  const { result } = await exported('old', '--to', 'npy', '--type', 'int8');
  expect(result.files.map((file: string) => file.slice(folder.length + 1))).toEqual([
    'out',
    'out.ids.jsonl',
    'out.scales.npy',
    'out.schema.json',
  ]);
  const header = readFileSync(join(folder, 'out')).toString('latin1', 10, 128);
  expect(header).toContain(`'descr': '|i1', 'fortran_order': False, 'shape': (${pins}, ${dimension})`);
  expect(readFileSync(join(folder, 'out.scales.npy')).toString('latin1', 10, 128)).toContain(`'shape': (${pins},)`);
  const { files } = JSON.parse(readFileSync(join(folder, 'out.schema.json'), 'utf8'));
  expect(files.map(({ name }: { name: string }) => name)).toEqual(['out', 'out.ids.jsonl', 'out.scales.npy']);
});

it('exits with 3 where the neighbours changed too much, and writes the file all the same', async () => {
  const since = ['--to', 'parquet', '--type', 'float16', '--since', join(folder, 'old')];
  const same = await exported('same', ...since);
  expect(same.code).toBe(0);
  expect(same.result).toMatchObject({ drifted: false, drift: { common_pins: 150, new_pins: 50, lost_pins: 50 } });
  const other = await exported('other', ...since);
  expect(other.code).toBe(3);
  expect(other.stderr).toContain('overlap is below 0.5');
  expect(other.result.drifted).toBe(true);
  expect(JSON.parse(readFileSync(join(folder, 'out.schema.json'), 'utf8')).drift).toEqual(other.result.drift);
  expect((await exported('other', ...since, '--least-overlap', '0')).code).toBe(0);
  expect(await exported('other', ...since, '--least-overlap', '2')).toMatchObject({ code: 2, result: '' });
});

it('refuses a least overlap with nothing', async () => {
  const { code, stderr } = await exported('old', '--to', 'npy', '--least-overlap', '0.9');
  expect(code).toBe(2);
  expect(stderr).toContain('--least-overlap needs --since');
});

it('refuses the vectors of another model', async () => {
  cpSync(join(folder, 'old'), join(folder, 'swapped'), { recursive: true });
  cpSync(join(folder, 'other', 'embedding.arrow'), join(folder, 'swapped', 'embedding.arrow'));
  const { code, stderr } = await exported('swapped', '--to', 'npy');
  expect(code).toBe(1);
  expect(stderr).toContain(`embedding.arrow holds the vectors of model "${idOf('other')}", not of ${idOf('old')}`);
});

it('goes by the turn of vectors where no neighbours can be told from the rest', async () => {
  const { code, result } = await exported('alike', '--to', 'arrow', '--since', join(folder, 'alike'));
  expect(result).toMatchObject({ drifted: false, drift: { neighbour_overlap: null, moved_share: 0 } });
  expect(code).toBe(0);
});
