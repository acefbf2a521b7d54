import { setTimeout as pause } from 'node:timers/promises';
import { openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { random } from '../../src/random.js';
import { stepOf, take } from './steps.js';

/** Steps on their way at a time. */
const together = 6;

const [directory, seedText, firstText] = process.argv.slice(2);
const seed = Number(seedText);
const tell = (line: string): void => void process.stdout.write(`${line}\n`);

const live = await openLiveGraph(directory, { room: { edges: 100_000, pins: 2_000, boards: 2_000 }, compactBelow: 0 });
tell('open');
process.send?.('open');

/** Compacts again and again, with pauses of up to a tenth of a second. */
async function compactForEver(): Promise<void> {
  for (let round = 0; ; round++) {
    await pause(random(seed, Number(firstText), round).below(100));
    tell('compacting');
    await live.compact();
    tell('compacted');
  }
}

/** Tells each step before it is sent, and again when it is accepted. Ends when the process is killed. */
async function writeForEver(): Promise<void> {
  const sent: Promise<void>[] = [];
  for (let number = Number(firstText); ; number++) {
    tell(`sent ${number}`);
    sent.push(take(live, stepOf(seed, number), number).then(() => tell(`accepted ${number}`)));
    if (sent.length >= together) await sent.shift();
  }
}

await Promise.all([compactForEver(), writeForEver()]);
