import { fuzzedReaders } from './readers.js';
import { type Trial, trial } from './trial.js';

/** One trial to run. */
export interface Order {
  reader: string;
  number: number;
}

export interface Answer extends Trial {
  milliseconds: number;
}

/** Runs trials as its parent orders them, so that a crash or a hang ends this process and not the count. */
const [specimens, scratch, seed] = process.argv.slice(2);
const readers = new Map(fuzzedReaders(true).map((reader) => [reader.name, reader]));

process.on('message', (order: Order) => {
  const reader = readers.get(order.reader);
  if (reader === undefined) throw new Error(`no reader "${order.reader}"`);
  const started = performance.now();
  void trial(reader, order.number, { specimens, scratch, seed: Number(seed) }).then((done) => {
    process.send?.({ ...done, milliseconds: performance.now() - started } satisfies Answer);
  });
});
process.on('disconnect', () => process.exit());
