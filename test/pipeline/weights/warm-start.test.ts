import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Drift } from '../../../src/embedding/drift.js';
import { type Graph, neighboursOf } from '../../../src/graph/graph.js';
import { memoryGraph, withoutEdges } from '../../../src/graph/memory-graph.js';
import { openGraph } from '../../../src/graph/open.js';
import { writeGraph } from '../../../src/graph/write.js';
import { chooseHoldout } from '../../../src/pipeline/holdout/choose-holdout.js';
import { hideAgain, type KeptHoldout } from '../../../src/pipeline/holdout/kept-holdout.js';
import { type PartialTrainSpec, type TrainSpec, trainSpec } from '../../../src/pipeline/spec/train-spec.js';
import { trainModel } from '../../../src/pipeline/train-model.js';
import { partialDirectory, runFile } from '../../../src/pipeline/weights/partial-run.js';
import { openWarmStart, unreadRelations, warmSpec } from '../../../src/pipeline/weights/warm-start.js';
import { readJson, writeJson } from '../../../src/registry/json-file.js';
import type { ModelSummary } from '../../../src/registry/model.js';
import { readTrainingLog } from '../../../src/training/training-log.js';
import { plantedGraph } from '../../training/planted-graph.js';
import { withSessions } from '../../training/planted-relation.js';

const scratch = mkdtempSync(join(tmpdir(), 'boardwalk-warm-'));
const at = (...names: string[]): string => join(scratch, ...names);
const grown = plantedGraph({ communities: 4, pinsEach: 25, boardsEach: 24 });

const spec = {
  pinsage: {
    features: { width: 8, textBuckets: 256 },
    hidden: 8,
    dimension: 8,
    neighbours: 4,
    steps: 20,
    folds: 1,
    negatives: 16,
    batchSize: 64,
    pairsPerEpoch: 256,
    epochs: 2,
  },
  candidatesPerSource: 50,
  sources: ['pinsage', 'popularity'],
  ranker: { negatives: 20, iterations: 20 },
} as PartialTrainSpec;

/** The grown graph without every eighth pin and board, its nodes in the opposite order. */
function youngGraph(): Graph {
  const kept = (size: number): number[] => Array.from({ length: size }, (_, i) => i).filter((i) => i % 8 > 0);
  const pins = kept(grown.pins.size).toReversed();
  const boards = kept(grown.boards.size).toReversed();
  const edges: { boards: number[]; pins: number[] } = { boards: [], pins: [] };
  boards.forEach((board, row) => {
    for (const pin of neighboursOf(grown.topology.boards, board)) {
      if (!pins.includes(pin)) continue;
      edges.boards.push(row);
      edges.pins.push(pins.indexOf(pin));
    }
  });
  return memoryGraph({
    pins: pins.map((pin) => grown.pins.id(pin)),
    boards: boards.map((board) => grown.boards.id(board)),
    edges: { boards: Uint32Array.from(edges.boards), pins: Uint32Array.from(edges.pins) },
    pinAttributes: { text: pins.map((pin) => grown.pinAttributes.get('text', pin)) },
  });
}

let older: ModelSummary;
let newer: ModelSummary;

beforeAll(async () => {
  await writeGraph(at('young'), youngGraph());
  await writeGraph(at('grown'), withoutEdges(grown, new Uint8Array(grown.topology.boards.neighbours.length)));
  const options = { backend: 'wasm' as const, seed: 3 };
  older = await trainModel({ graphDirectory: at('young'), out: at('older'), spec, ...options });
  newer = await trainModel({ graphDirectory: at('grown'), out: at('newer'), from: at('older'), ...options });
});
afterAll(() => rmSync(scratch, { recursive: true }));

it('takes the file that the older model was trained by, and no other hidden edges', async () => {
  const again = warmSpec(await openWarmStart(at('older')), spec);
  expect(again.pinsage).toEqual(older.spec.pinsage);
  const other = { validation: { minimumPins: 3 } } as PartialTrainSpec;
  const start = await openWarmStart(at('older'));
  expect(() => warmSpec(start, other)).toThrow('leave `validation` out');
});

it('hides other edges where a graph holds too few of those that were kept, and says before training where boards are too few', () => {
  const graph = plantedGraph({ communities: 4, pinsEach: 25, boardsEach: 24 });
  const kept = { boards: ['nowhere'], hidden: [] };
  const { holdout, isKept } = chooseHoldout(graph, trainSpec(spec), 1, kept);
  expect(isKept).toBe(false);
  expect(holdout.boards.length).toBeGreaterThan(10);
  const few = plantedGraph({ communities: 1, pinsEach: 12, boardsEach: 5 });
  expect(() => chooseHoldout(few, trainSpec(spec), 1)).toThrow('needs 10 to be fitted');
  const nothing = trainSpec({ ...spec, validation: { edgeFraction: 0 } } as PartialTrainSpec);
  expect(() => chooseHoldout(graph, nothing, 1)).toThrow('needs 10 to be fitted');
});

it('takes over spec and weights, and judges them before it trains', () => {
  expect(newer.spec.warm_start).toBe(older.id);
  expect(newer.spec.pinsage).toEqual(older.spec.pinsage);
  const [start] = readTrainingLog(at('newer'));
  const best = Math.max(...readTrainingLog(at('older')).map(({ hit_rate }) => hit_rate ?? 0));
  expect(start).toMatchObject({ step: 0, epoch: 0 });
  // New pins compete with the old ones; the old weights still know theirs.
  expect(start.hit_rate).toBeGreaterThan(0.7 * best);
});

it('keeps hidden what the older model was never shown, and nothing else', async () => {
  const kept = readJson<KeptHoldout>(at('older', 'holdout.json'));
  const { hidden, graph } = hideAgain(await openGraph(at('grown')), kept);
  expect(hidden.boards.length).toBeGreaterThan(20);
  expect(hidden.boards.length).toBe(kept.hidden.reduce((sum, { pin_ids }) => sum + pin_ids.length, 0));
  hidden.boards.forEach((board, i) => {
    const of = kept.hidden.find(({ board_id }) => board_id === graph.boards.id(board));
    expect(of?.pin_ids).toContain(graph.pins.id(hidden.pins[i]));
  });
});

it('tells how far the vectors moved, pins matched by id', () => {
  const drift = readJson<Drift>(at('newer', 'drift.json'));
  const young = 100 - Math.ceil(100 / 8);
  expect(drift).toMatchObject({ previous_model_id: older.id, common_pins: young, new_pins: 100 - young, lost_pins: 0 });
  expect(drift.mean_cosine).toBeGreaterThan(0.6);
  expect(drift.neighbour_overlap).toBeGreaterThan(0.3);
});

it('says which relations of a graph the older weights do not read', async () => {
  const start = await openWarmStart(at('older'));
  expect(unreadRelations(start, grown)).toEqual([]);
  expect(unreadRelations(start, withSessions(plantedGraph()))).toEqual([
    expect.stringContaining(`${older.id} was trained without the relation "sessions"`),
  ]);
});

it('refuses sizes that the older weights do not have, and a folder that holds none', async () => {
  const options = { graphDirectory: at('grown'), out: at('other'), backend: 'wasm' as const };
  const wider = { pinsage: { dimension: 16 } };
  await expect(trainModel({ ...options, from: at('older'), spec: wider })).rejects.toMatchObject({ code: 'mismatch' });
  await expect(trainModel({ ...options, from: at('young') })).rejects.toMatchObject({ code: 'not_found' });
});

it('goes on from the last good weights of a run that diverged', async () => {
  const options = { graphDirectory: at('grown'), out: at('second'), backend: 'wasm' as const, checkpointSeconds: 0 };
  const wild = {
    ...spec,
    pinsage: { ...spec.pinsage, loss: 'max-margin', normalise: false, learningRate: 0.4, batchSize: 8 },
  } as const;
  const broken = await trainModel({ ...options, spec: wild as PartialTrainSpec }).catch((error) => error);
  expect(broken).toMatchObject({ code: 'diverged' });
  expect(broken.message).toContain(`--from ${partialDirectory(at('second'))}`);
  expect(broken.message).toMatch(/Lower pinsage.learningRate, now 0.4.$/);
  const wilder = { pinsage: { learningRate: 1e30 } };
  // As a run of an older version tells of its one PinText.
  const request = join(partialDirectory(at('second')), runFile);
  const told = readJson<{ spec: TrainSpec }>(request);
  writeJson(request, { ...told, spec: { ...told.spec, pintext: told.spec.pintext[0] } });
  // What fails before it has weights of its own leaves those that it began from.
  const from = partialDirectory(at('second'));
  const wider = trainModel({ ...options, from, spec: { pinsage: { dimension: 16 } } });
  await expect(wider).rejects.toMatchObject({ code: 'mismatch' });
  await expect(trainModel({ ...options, from, spec: wilder })).rejects.toMatchObject({ code: 'diverged' });
  const mild = { pinsage: { learningRate: 0.001 } };
  const model = await trainModel({ ...options, from: partialDirectory(at('second')), spec: mild });
  expect(model.spec.pinsage).toMatchObject({ loss: 'max-margin', learningRate: 0.001 });
});
