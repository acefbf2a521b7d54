import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Answer, Order } from './fuzz/child.js';
import { fuzzedReaders } from './fuzz/readers.js';
import { writeSpecimens } from './fuzz/specimens.js';
import { isFinding, type Outcome, type Trial } from './fuzz/trial.js';
import { type BenchmarkResult, machine } from './machine.js';

/** A trial that takes longer than this hangs: the slowest takes well under a second. */
const hangMilliseconds = 60_000;

const childFile = fileURLToPath(new URL('./fuzz/child.js', import.meta.url));

interface Finding extends Order, Trial {}

/** A process that runs one trial at a time and is replaced when it dies of one. */
class Runner {
  readonly #words: string[];
  #child: ChildProcess | undefined;

  constructor(words: string[]) {
    this.#words = words;
  }

  run(order: Order): Promise<Answer> {
    this.#child ??= fork(childFile, this.#words, { execArgv: ['--max-old-space-size=1024'] });
    const child = this.#child;
    return new Promise((resolve) => {
      const end = (answer: Answer): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (answer.outcome === 'hang' || answer.outcome === 'crash') {
          child.kill('SIGKILL');
          this.#child = undefined;
        }
        resolve(answer);
      };
      const timer = setTimeout(
        () => end({ outcome: 'hang', detail: 'no answer', milliseconds: hangMilliseconds }),
        hangMilliseconds,
      );
      child.once('message', (answer) => end(answer as Answer));
      child.once('exit', (code, signal) =>
        end({ outcome: 'crash', detail: `ended by ${signal ?? code}`, milliseconds: 0 }),
      );
      child.send(order);
    });
  }

  close(): void {
    this.#child?.removeAllListeners();
    this.#child?.disconnect();
  }
}

interface Count {
  trials: number;
  milliseconds: number;
  outcomes: Partial<Record<Outcome, number>>;
}

function options() {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    strict: false,
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      replay: { type: 'string' },
      out: { type: 'string' },
    },
  });
  return values as { minutes: string; seed: string; replay?: string; out?: string };
}

/** Every reader gets the same time; `--replay READER:NUMBER` repeats one trial of the same seed. */
export async function run(): Promise<BenchmarkResult> {
  const { minutes, seed, replay, out } = options();
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-fuzz-'));
  const specimens = join(folder, 'specimens');
  const runner = new Runner([specimens, join(folder, 'scratch'), seed]);
  try {
    await writeSpecimens(specimens, Number(seed), true);
    if (replay !== undefined) {
      const [, reader, number] = /^(.+):(\d+)$/.exec(replay) ?? [];
      const answer = await runner.run({ reader, number: Number(number) });
      console.error(`${answer.outcome}: ${answer.detail}`);
      return { ratios: {}, figures: { ...answer } };
    }
    const counts = new Map<string, Count>(
      fuzzedReaders(true).map(({ name }) => [name, { trials: 0, milliseconds: 0, outcomes: {} }]),
    );
    const findings: Finding[] = [];
    const end = Date.now() + Number(minutes) * 60_000;
    while (Date.now() < end) {
      const [reader, count] = [...counts].reduce((least, next) =>
        next[1].milliseconds < least[1].milliseconds ? next : least,
      );
      const order = { reader, number: count.trials++ };
      const { milliseconds, ...found } = await runner.run(order);
      count.milliseconds += milliseconds;
      count.outcomes[found.outcome] = (count.outcomes[found.outcome] ?? 0) + 1;
      if (!isFinding(found)) continue;
      findings.push({ ...order, ...found });
      console.error(`${found.outcome}, --seed ${seed} --replay "${reader}:${order.number}": ${found.detail}`);
    }
    return report(counts, findings, {
      minutes: Number(minutes),
      seed: Number(seed),
      ...(out !== undefined && { out }),
    });
  } finally {
    runner.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  counts: ReadonlyMap<string, Count>,
  findings: readonly Finding[],
  { minutes, seed, out }: { minutes: number; seed: number; out?: string },
): BenchmarkResult {
  let trials = 0;
  for (const [reader, count] of counts) {
    trials += count.trials;
    const outcomes = Object.entries(count.outcomes).map(([outcome, times]) => `${times} ${outcome}`);
    console.error(`${reader.padEnd(24)} ${String(count.trials).padStart(8)}  ${outcomes.join(', ')}`);
  }
  console.error(
    `${trials} damaged files in ${minutes} minutes, seed ${seed}: ${findings.length} findings. ${machine()}`,
  );
  const figures = {
    date: new Date().toISOString(),
    machine: machine(),
    minutes,
    seed,
    trials,
    readers: Object.fromEntries(
      Array.from(counts, ([name, { trials: each, outcomes }]) => [name, { trials: each, ...outcomes }]),
    ),
    findings,
  };
  if (out !== undefined) writeFileSync(out, `${JSON.stringify(figures, null, 2)}\n`);
  return { ratios: {}, figures };
}
