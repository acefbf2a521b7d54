import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrowBuffers } from '../../src/data/arrow-layout.js';
import { withFileBytes } from '../../src/data/file-bytes.js';
import { openEmbeddingTable } from '../../src/embedding/table-file.js';
import { repackVectors } from '../../src/embedding/vectors.js';
import { withoutEdges } from '../../src/graph/memory-graph.js';
import { writeGraph } from '../../src/graph/write.js';
import { batchLists } from '../../src/evaluation/batch-lists.js';
import { refitModel } from '../../src/pipeline/refit-model.js';
import { partialDirectory } from '../../src/pipeline/weights/partial-run.js';
import { trainModel } from '../../src/pipeline/train-model.js';
import type { PartialTrainSpec } from '../../src/pipeline/spec/train-spec.js';
import { silentProgress } from '../../src/progress.js';
import { differences } from '../../src/registry/diff-models.js';
import { readJson, writeJson } from '../../src/registry/json-file.js';
import { modelsIn } from '../../src/registry/list-models.js';
import { canonicalJson, modelId } from '../../src/registry/model-id.js';
import { type ModelSummary, openModel, readSummary } from '../../src/registry/model.js';
import { openRecommender, pinEmbedderOf, recommenderOf } from '../../src/registry/open-recommender.js';
import { writeChecksums } from '../../src/registry/model-checksums.js';
import { pinTextFiles } from '../../src/registry/model-files.js';
import { replaceTable } from '../../src/registry/replace-table.js';
import type { ModelSpec } from '../../src/registry/spec.js';
import { evaluateFiles } from '../../src/evaluation/evaluate-files.js';
import { readTestPairs } from '../../src/evaluation/test-pairs.js';
import { plantedGraph } from '../training/planted-graph.js';
import { twoPinTexts } from '../training/two-pintexts.js';

const scratch = mkdtempSync(join(tmpdir(), 'boardwalk-model-'));
const at = (name: string): string => join(scratch, name);
const graph = plantedGraph({ communities: 4, pinsEach: 25, boardsEach: 20 });

const spec: PartialTrainSpec = {
  pinsage: {
    features: { width: 8, textBuckets: 256, idBuckets: 64 },
    hidden: 8,
    dimension: 8,
    neighbours: 4,
    steps: 20,
    negatives: 16,
    hardNegatives: 1,
    batchSize: 64,
    pairsPerEpoch: 256,
    epochs: 2,
  },
  pintext: twoPinTexts({ batchSize: 64, epochs: 1 }),
  candidatesPerSource: 50,
  validation: { boards: 70 },
  ranker: { negatives: 30 },
};

const train = (out: string, more: Partial<Parameters<typeof trainModel>[0]> = {}): Promise<ModelSummary> =>
  trainModel({ graphDirectory: at('graph'), out: at(out), spec, backend: 'wasm', seed: 3, ...more });

let model: ModelSummary;

beforeAll(async () => {
  await writeGraph(at('graph'), graph);
  model = await train('models/first');
});
afterAll(() => rmSync(scratch, { recursive: true }));

describe('a trained model directory', () => {
  it('holds what serving needs and leaves nothing beside it', () => {
    const files = readdirSync(at('models/first')).sort();
    for (const file of [
      'spec.json',
      'weights.safetensors',
      'pintext.safetensors',
      'pintext-2.safetensors',
      'embedding.arrow',
      'candidates',
      'ranker.json',
      'metrics.json',
    ])
      expect(files).toContain(file);
    expect(readdirSync(at('models'))).toEqual(['first']);
  });

  it('reports every source and the recommender on unseen boards', () => {
    const { methods, ranker } = model.metrics;
    expect(Object.keys(methods)).toEqual(
      expect.arrayContaining(['rp3beta', 'gfcf', 'pinsage', 'content', 'pintext', 'mapped', 'recommender']),
    );
    expect(methods.recommender['recall@20']).toBeGreaterThan(0.3);
    expect(ranker.auc).toBeGreaterThan(0.6);
    expect(ranker.calibration_error).toBeLessThan(0.1);
  });

  it('has the same id when trained again with the same seed', async () => {
    const again = await train('models/again');
    expect(again.id).toBe(model.id);
    expect(differences(model, again)).toEqual([]);
  });

  it('has another id with another seed, and the difference is named', async () => {
    const other = await train('models/other', { seed: 4 });
    expect(other.id).not.toBe(model.id);
    expect(differences(model, other)).toContainEqual({ field: 'seed', a: 3, b: 4 });
  });

  it('is listed and read back', () => {
    expect(modelsIn(at('models')).models.map(({ id }) => id)).toContain(model.id);
    expect(readSummary(at('models/first'))).toEqual(model);
  });

  it('is not replaced unless told so', async () => {
    await expect(train('models/first')).rejects.toThrow(/exists/);
    expect(readSummary(at('models/first')).id).toBe(model.id);
  });

  it('answers from the two directories alone', async () => {
    const { recommender } = await openRecommender(at('graph'), at('models/first'));
    const { results, model_id } = recommender.recommend({ pins: ['pin 0/1'], limit: 10 });
    expect(model_id).toBe(model.id);
    expect(results.filter(({ pin_id }) => pin_id.startsWith('pin 0/')).length).toBeGreaterThan(6);
  });

  it('makes no vectors of new pins by the weights of a model that has taken its place', async () => {
    cpSync(at('models/first'), at('served'), { recursive: true });
    const { graph: opened, model: served } = await openRecommender(at('graph'), at('served'));
    const open = pinEmbedderOf(opened, served) as NonNullable<ReturnType<typeof pinEmbedderOf>>;
    const weights = join(at('served'), 'weights.safetensors');
    const own = readFileSync(weights);
    cpSync(join(at('served'), 'weights.holdout.safetensors'), weights);
    await expect(open()).rejects.toMatchObject({ code: 'mismatch', message: expect.stringContaining(served.id) });
    rmSync(weights);
    await expect(open()).rejects.toMatchObject({ code: 'mismatch' });
    writeFileSync(weights, own);
    expect((await open()).dimension).toBe(served.table.dimension);
  });

  it('writes lists for many boards, an unknown one among them', async () => {
    writeFileSync(at('boards.tsv'), `board_id\n${graph.boards.id(0)}\n${graph.boards.id(1)}\nnot a board\n`);
    const out = at('lists.tsv');
    const common = { graphDirectory: at('graph'), boards: at('boards.tsv'), limit: 5, out };
    const counted = await batchLists({ ...common, modelDirectory: at('models/first'), method: 'recommender' });
    expect(counted).toEqual({ boards: 3, fallbacks: 1 });
    expect((await readTestPairs(out, ['board_id'])).from).toHaveLength(15);
    expect(await batchLists({ ...common, method: 'rp3beta' })).toEqual({ boards: 3, fallbacks: 1 });
    writeFileSync(at('blank.csv'), `board_id\n${graph.boards.id(0)}\n\n`);
    expect(await batchLists({ ...common, boards: at('blank.csv'), method: 'rp3beta' })).toMatchObject({ boards: 1 });
    writeFileSync(at('lacking.csv'), `board_id,note\n${graph.boards.id(0)},x\n,y\n`);
    await expect(batchLists({ ...common, boards: at('lacking.csv'), method: 'rp3beta' })).rejects.toThrow(
      /first in row 3: missing id in board_id/,
    );
    for (const method of ['pinsage', 'pintext', 'mapped'])
      await expect(batchLists({ ...common, method })).rejects.toThrow(/needs a model/);
    expect(await batchLists({ ...common, modelDirectory: at('models/first'), method: 'pintext' })).toEqual(counted);
  });
});

describe('a model that does not fit', () => {
  it('is refused for another graph, with the command that mends it', async () => {
    const hidden = new Uint8Array(graph.topology.boards.neighbours.length);
    hidden[0] = 1;
    await writeGraph(at('grown'), withoutEdges(graph, hidden));
    await expect(openRecommender(at('grown'), at('models/first'))).rejects.toThrow(
      expect.objectContaining({ code: 'mismatch', message: expect.stringContaining('boardwalk rank') }),
    );
  });

  it('is refused where its ranker reads other features than it would be shown', async () => {
    const { graph: opened, model: fits } = await openRecommender(at('graph'), at('models/first'));
    const features = fits.ranker.features.filter((name) => name !== 'pin.cold');
    expect(() => recommenderOf(opened, { ...fits, ranker: { ...fits.ranker, features } })).toThrow(
      expect.objectContaining({ code: 'mismatch', message: expect.stringContaining('boardwalk rank') }),
    );
  });

  it('fits after it was renewed, with the same weights', async () => {
    cpSync(at('models/first'), at('renewed'), { recursive: true });
    const renewed = await refitModel({ graphDirectory: at('grown'), modelDirectory: at('renewed'), backend: 'wasm' });
    expect(renewed.spec.trained_graph_id).toBe(model.spec.graph_id);
    expect(renewed.id).not.toBe(model.id);
    const { recommender } = await openRecommender(at('grown'), at('renewed'));
    expect(recommender.modelId).toBe(renewed.id);
    const pin = graph.topology.boards.neighbours[0];
    writeFileSync(at('hidden.csv'), `board_id,pin_id\n${graph.boards.id(0)},${graph.pins.id(pin)}\n`);
    const options = { methods: ['pinsage'], threads: 0 } as const;
    const test = { test: at('hidden.csv'), task: 'board', tune: false, pairsPerBoard: 1, options } as const;
    const { asked } = await evaluateFiles({ graph: at('grown'), model: at('renewed'), ...test });
    expect(asked).toMatchObject({ graph_id: renewed.spec.graph_id, trained_graph_id: model.spec.graph_id });
    for (const file of ['pintext.safetensors', 'pintext-2.safetensors', 'candidates/pintext.arrow'])
      expect(readFileSync(join(at('renewed'), file))).toEqual(readFileSync(join(at('models/first'), file)));
  });

  it('keeps how its vectors are packed, and says how far they lie from those before', async () => {
    cpSync(at('models/first'), at('packed'), { recursive: true });
    const file = join(at('packed'), 'embedding.arrow');
    const table = await openEmbeddingTable(file);
    const vectors = repackVectors(table.vectors, table.dimension, 'int8');
    await replaceTable(at('packed'), { ...table, vectors }, { mean_cosine: 0.5 });
    const renew = (name: string) =>
      refitModel({ graphDirectory: at(name), modelDirectory: at('packed'), backend: 'wasm' });
    const driftFile = join(at('packed'), 'drift.json');
    await renew('graph');
    expect((await openEmbeddingTable(file)).vectors).toMatchObject({ type: 'int8' });
    expect(readJson(driftFile)).toMatchObject({ previous_model_id: model.id, mean_cosine: expect.closeTo(1, 1) });
    await renew('grown');
    expect((await openEmbeddingTable(file)).vectors).toMatchObject({ type: 'int8' });
    expect(readJson(driftFile)).toMatchObject({ previous_graph_id: model.spec.graph_id });
    writeFileSync(file, 'damaged');
    // As a renewal leaves it that was killed between its last two steps; no process has this number.
    renameSync(at('packed'), at('.packed.replaced-4194305-ab'));
    await renew('grown');
    expect((await openEmbeddingTable(file)).vectors).toBeInstanceOf(Float32Array);
    await openRecommender(at('grown'), at('packed'));
  });

  it('is refused with the vectors of another', async () => {
    cpSync(at('models/first'), at('swapped'), { recursive: true });
    const file = join(at('swapped'), 'embedding.arrow');
    cpSync(join(at('renewed'), 'embedding.arrow'), file);
    rmSync(join(at('swapped'), 'checksums.json'));
    await expect(openModel(at('swapped'))).rejects.toMatchObject({ code: 'mismatch', subject: { file } });
  });

  it('is not put in the place of one that came there meanwhile', async () => {
    cpSync(at('renewed'), at('raced'), { recursive: true });
    const note = (text: string): void => {
      if (!text.startsWith('Making vectors')) return;
      rmSync(at('raced'), { recursive: true });
      cpSync(at('models/first'), at('raced'), { recursive: true });
    };
    const progress = { ...silentProgress, note };
    await expect(
      refitModel({ graphDirectory: at('grown'), modelDirectory: at('raced'), backend: 'wasm', progress }),
    ).rejects.toMatchObject({ code: 'mismatch', subject: { file: at('raced') } });
    expect(readSummary(at('raced')).id).toBe(model.id);
  });

  it('is not renewed without the words that it was trained on', async () => {
    cpSync(at('models/first'), at('wordless'), { recursive: true });
    rmSync(join(at('wordless'), 'pintext-2.holdout.safetensors'));
    await expect(
      refitModel({ graphDirectory: at('graph'), modelDirectory: at('wordless'), backend: 'wasm' }),
    ).rejects.toThrow(/pintext-2\.holdout\.safetensors/);
  });

  it('is renewed where its spec tells of one network of words, as older ones do', async () => {
    cpSync(at('models/first'), at('older'), { recursive: true });
    const file = join(at('older'), 'spec.json');
    const { pintext, ...others } = readJson<ModelSpec>(file);
    const [first] = [pintext ?? []].flat();
    writeJson(file, { ...others, pintext: first });
    for (const state of Object.values(pinTextFiles(1))) rmSync(join(at('older'), state));
    rmSync(join(at('older'), 'checksums.json'));
    writeChecksums(at('older'));
    const renewed = await refitModel({ graphDirectory: at('graph'), modelDirectory: at('older'), backend: 'wasm' });
    expect(renewed.spec.pintext).toEqual([first]);
    expect(existsSync(join(at('older'), pinTextFiles(0).heldOut))).toBe(true);
  });

  it('is not renewed where what it takes over is damaged', async () => {
    cpSync(at('models/first'), at('spoilt'), { recursive: true });
    const file = join(at('spoilt'), 'holdout.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('pin 0/', 'pin 1/'));
    await expect(
      refitModel({ graphDirectory: at('graph'), modelDirectory: at('spoilt'), backend: 'wasm' }),
    ).rejects.toMatchObject({ code: 'checksum', subject: { file } });
  });

  it('is refused when its format is another', () => {
    cpSync(at('models/first'), at('old'), { recursive: true });
    const file = join(at('old'), 'spec.json');
    writeJson(file, { ...readJson<ModelSpec>(file), format: 0 });
    expect(() => readSummary(at('old'))).toThrow(expect.objectContaining({ code: 'format_version' }));
  });

  it('is refused when a file is missing', () => {
    cpSync(at('models/first'), at('torn'), { recursive: true });
    rmSync(join(at('torn'), 'weights.safetensors'));
    expect(() => readSummary(at('torn'))).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});

describe('a model with a flipped bit', () => {
  it('is refused, whichever file it is in, and the file is named', async () => {
    cpSync(at('models/first'), at('flipped'), { recursive: true });
    const files = Object.keys(readJson<object>(join(at('flipped'), 'checksums.json')));
    expect(files).toContain('candidates/rp3beta.arrow');
    for (const name of files) {
      const file = join(at('flipped'), name);
      const whole = readFileSync(file);
      const damaged = Uint8Array.from(whole);
      damaged[damaged.length >> 1] ^= 16;
      writeFileSync(file, damaged);
      await expect(openRecommender(at('graph'), at('flipped'))).rejects.toThrow(
        expect.objectContaining({ name: 'BoardwalkError', message: expect.stringContaining(file) }),
      );
      writeFileSync(file, whole);
    }
    await openRecommender(at('graph'), at('flipped'));
  });

  it('names the column of an Arrow file', async () => {
    const file = join(at('flipped'), 'embedding.arrow');
    const { from, bytes } = withFileBytes(file, (source) =>
      [...arrowBuffers(source, '')].findLast(({ column }) => column === 'embedding')!,
    );
    const damaged = readFileSync(file);
    damaged[from + (bytes >> 1)] ^= 1;
    writeFileSync(file, damaged);
    await expect(openRecommender(at('graph'), at('flipped'))).rejects.toThrow(
      expect.objectContaining({ code: 'checksum', subject: { file, field: 'embedding' } }),
    );
  });
});

describe('a model whose checksums are damaged', () => {
  it.each(['', '{"spec.json": {"bytes": 1', 'null', '{"spec.json": {}}'])('says so of them alone: %j', (text) => {
    cpSync(at('models/first'), at('unchecked'), { recursive: true, force: true });
    const file = join(at('unchecked'), 'checksums.json');
    writeFileSync(file, text);
    expect(() => readSummary(at('unchecked'))).toThrow(
      expect.objectContaining({
        code: 'bad_file',
        message: expect.stringMatching(/checksums\.json is damaged: .*delete it, and the model opens unchecked/),
        subject: { file },
      }),
    );
    rmSync(file);
    expect(readSummary(at('unchecked')).id).toBe(model.id);
  });
});

describe('an interrupted training run', () => {
  it('leaves no model, and goes on to the same one', async () => {
    const controller = new AbortController();
    const progress = {
      note() {},
      stage: (title: string) => ({
        update: () => void (title.startsWith('epoch 2') && controller.abort()),
        finish() {},
      }),
    };
    await expect(train('stopped', { progress, signal: controller.signal })).rejects.toThrow(
      expect.objectContaining({ code: 'interrupted' }),
    );
    expect(readdirSync(scratch)).not.toContain('stopped');
    expect(readdirSync(scratch)).toContain('stopped.partial');
    await expect(train('stopped')).rejects.toThrow(/checkpoint of an interrupted run.*--resume.*--force/);
    await expect(train('stopped', { resume: true, seed: 77, towers: 2 })).rejects.toThrow(
      /holds a run with another seed and another number of towers\. Repeat/,
    );
    const other = { ...spec, ranker: { ...spec.ranker, negatives: 7 } };
    await expect(train('stopped', { resume: true, spec: other })).rejects.toThrow(
      /another spec \(ranker\.negatives: \d+ there, 7 here\)/,
    );
    const resumed = await train('stopped', { resume: true });
    expect(resumed.id).toBe(model.id);
    expect(readdirSync(scratch)).not.toContain('stopped.partial');
  });

  it('is left alone by a second one while it goes on', async () => {
    const controller = new AbortController();
    const first = train('shared', { signal: controller.signal });
    for (const more of [{}, { force: true }, { resume: true }])
      await expect(train('shared', more)).rejects.toMatchObject({
        code: 'locked',
        message: expect.stringContaining(`trained into by process ${process.pid}`),
      });
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('is not resumed with another seed', async () => {
    const partial = partialDirectory(at('elsewhere'));
    cpSync(at('graph'), partial, { recursive: true });
    writeJson(join(partial, 'run.json'), { seed: 99 });
    await expect(train('elsewhere', { resume: true })).rejects.toThrow(expect.objectContaining({ code: 'mismatch' }));
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys, but on that of lists', () => {
    expect(canonicalJson({ b: [1, { d: 2, c: 3 }], a: null })).toBe('{"a":null,"b":[1,{"c":3,"d":2}]}');
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });
});

it('the id of a model is of all of its weights, piece by piece', () => {
  const weights = Uint8Array.from({ length: 2 ** 21 + 5 }, (_, i) => i % 251);
  writeFileSync(at('weights'), weights);
  const whole = { graph_id: 'g', seed: 1 };
  const sum = createHash('sha256').update(canonicalJson(whole)).update(weights).digest('hex');
  expect(modelId({ ...whole, provenance: {} } as ModelSpec, at('weights'))).toBe(sum.slice(0, 16));
});
