import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeGraph } from '../../src/graph/write.js';
import { partialDirectory } from '../../src/pipeline/weights/partial-run.js';
import { readJson, writeJson } from '../../src/registry/json-file.js';
import { modelFiles, pinTextFiles } from '../../src/registry/model-files.js';
import type { ModelSpec } from '../../src/registry/spec.js';
import { checkpointPath } from '../../src/training/checkpoint.js';
import { readTrainingLog, trainingLogPath } from '../../src/training/training-log.js';
import { plantedGraph } from '../training/planted-graph.js';
import { twoPinTexts } from '../training/two-pintexts.js';

const program = fileURLToPath(new URL('../../bin/boardwalk.js', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'boardwalk killed training '));
const at = (name: string): string => join(scratch, name);

beforeAll(async () => {
  await writeGraph(at('graph'), plantedGraph({ communities: 4, pinsEach: 25, boardsEach: 20 }));
  writeJson(at('spec.json'), {
    pinsage: {
      features: { width: 8, textBuckets: 256 },
      hidden: 8,
      dimension: 8,
      neighbours: 4,
      steps: 20,
      negatives: 16,
      hardNegatives: 1,
      folds: 1,
      batchSize: 16,
      pairsPerEpoch: 256,
      epochs: 3,
    },
    pintext: twoPinTexts({ batchSize: 16, epochs: 2 }),
    candidatesPerSource: 50,
    ranker: { negatives: 20, iterations: 20 },
    sources: ['pinsage', 'pintext', 'popularity'],
  });
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Trains in a process of its own and, where `killAt` is given, kills it once that many records are logged. */
async function train(out: string, resume: boolean, killAt?: number): Promise<NodeJS.Signals | null> {
  const words = ['train', '--graph', at('graph'), '--out', at(out), '--config', at('spec.json'), '--backend', 'wasm'];
  const flags = ['--checkpoint', '0', ...(resume ? ['--resume'] : [])];
  const child = spawn(process.execPath, [program, ...words, ...flags], { stdio: 'ignore' });
  const exit = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const directory = partialDirectory(at(out));
  const logged = (): number =>
    [directory, join(directory, 'whole'), join(directory, 'pintext', '1'), join(directory, 'pintext', '2')]
      .filter((each) => existsSync(trainingLogPath(each)))
      .reduce((sum, each) => sum + readTrainingLog(each).length, 0);
  if (killAt !== undefined) {
    while (child.exitCode === null && logged() < killAt) await pause(1);
    child.kill('SIGKILL');
  }
  return exit;
}

it('goes on after kills to the same bits as a run that was never stopped', async () => {
  const whole = train('whole', false);
  expect(await train('killed', false, 9)).toBe('SIGKILL');
  expect(existsSync(checkpointPath(partialDirectory(at('killed'))))).toBe(true);
  expect(await train('killed', true, 30)).toBe('SIGKILL');
  // Among the epochs over the whole graph.
  expect(await train('killed', true, 75)).toBe('SIGKILL');
  // The log of the first epochs goes on with those over the whole graph; then PinText has one.
  expect(await train('killed', true, 3 * (3 * 16 + 3) + 20)).toBe('SIGKILL');
  expect(existsSync(checkpointPath(join(partialDirectory(at('killed')), 'pintext', '1')))).toBe(true);
  expect(await train('killed', true)).toBe(null);
  await whole;
  const ofPinText = [0, 1].flatMap((network) => Object.values(pinTextFiles(network)));
  for (const file of [modelFiles.weights, modelFiles.heldOutWeights, ...ofPinText]) {
    const weights = (out: string): Buffer => readFileSync(join(at(out), file));
    expect(weights('killed').equals(weights('whole')), file).toBe(true);
  }
  const losses = (out: string): unknown[] =>
    readTrainingLog(at(out)).map(({ step, loss, hit_rate }) => [step, loss, hit_rate]);
  expect(losses('killed')).toEqual(losses('whole'));
  expect(losses('whole')).toHaveLength(2 * (3 * 16 + 3));
  const { command } = readJson<ModelSpec>(join(at('whole'), modelFiles.spec)).provenance;
  expect(command).toBe(
    `boardwalk train --graph '${at('graph')}' --out '${at('whole')}' --config '${at('spec.json')}' ` +
      '--backend wasm --checkpoint 0',
  );
});
