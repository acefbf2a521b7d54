import { type BackendName, openBackend } from '../src/model/backends.js';
import { soleTrainer } from '../src/training/trainer.js';
import { dumpSteps, raceLearningRate, type RaceSize, raceSizes, trainingSteps } from './fixtures/training-steps.js';
import { timed } from './machine.js';

/**
 * `step-runner.js BACKEND SIZE BATCHES [FOLDER]` takes one training step for each byte on its standard input
 * and prints CPU seconds of this process, the loss and seconds by the clock; with FOLDER, it first writes all arrays there.
 */
const [backend, size, count, folder] = process.argv.slice(2);
await openBackend(backend as BackendName);
const steps = await trainingSteps(raceSizes[size as RaceSize], Number(count));
if (folder !== undefined) dumpSteps(steps, folder);
const trainer = soleTrainer(steps.data, steps.start);
let step = 0;
for await (const bytes of process.stdin)
  for (let left = (bytes as Buffer).length; left > 0; left--) {
    let loss = Number.NaN;
    const { cpu, wall } = await timed(async () => {
      loss = await trainer.step(steps.batches[step++ % steps.batches.length], raceLearningRate);
    });
    console.log(`${cpu.toFixed(6)} ${loss.toFixed(8)} ${wall.toFixed(6)}`);
  }
await trainer.close();
