import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { BoardwalkError } from '../../src/errors.js';
import { buildGraph } from '../../src/graph/build.js';
import { openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { openGraph } from '../../src/graph/open.js';
import { builtFile } from '../../src/package-root.js';
import { random } from '../../src/random.js';
import { Model, stepOf, textOf } from './steps.js';

export interface CrashLoopOptions {
  kills: number;
  seed: number;
  /** Longest life of a writer, in milliseconds from its start or from when its graph is open. */
  life: number;
  log: (line: string) => void;
}

export const crashLoopDefaults: CrashLoopOptions = { kills: 100, seed: 1, life: 3_000, log: () => {} };

export interface CrashLoopReport {
  kills: number;
  /** Kills before the writer had its graph open, and those while it compacted. */
  whileOpening: number;
  whileCompacting: number;
  compactions: number;
  /** Steps told to the writer's caller as accepted, and those on their way when it was killed. */
  accepted: number;
  inFlight: number;
  /** Of the latter, those that turned out to be in the log. */
  keptInFlight: number;
}

/**
 * One life of the writer: what it told until it was killed. It tells a file, where each line is the system's as soon as
 * it is written; what a slow reader has not taken from a pipe yet dies with the writer.
 */
async function live(
  directory: string,
  first: number,
  round: number,
  { seed, life }: CrashLoopOptions,
): Promise<string[]> {
  const source = random(seed, 0xdead, round);
  // One in eight dies while it opens the graph.
  const early = source.below(8) === 0;
  const file = builtFile('benchmarks/crash-loop/writer.js', 'writer');
  const told = `${directory}.told`;
  const out = openSync(told, 'w');
  const writer = spawn(process.execPath, [file, directory, String(seed), String(first)], {
    stdio: ['ignore', out, 'inherit', 'ipc'],
  });
  closeSync(out);
  const ended = once(writer, 'close');
  if (!early) await Promise.race([once(writer, 'message'), ended]);
  await pause(source.below(life));
  writer.kill('SIGKILL');
  await ended;
  if (writer.signalCode !== 'SIGKILL')
    throw new BoardwalkError('interrupted', `The writer of round ${round} ended by itself.`);
  // What follows the last line break was cut off.
  return readFileSync(told, 'utf8').split('\n').slice(0, -1);
}

/** The greatest number that lines of one kind tell, or `none`. */
function last(lines: readonly string[], kind: string, none: number): number {
  const line = lines.findLast((each) => each.startsWith(`${kind} `));
  return line === undefined ? none : Number(line.slice(kind.length + 1));
}

/**
 * Kills a process that writes to a live graph and compacts it, again and again, and compares what is left
 * with what it had told: every accepted change is there, and of those on their way the first few, or none.
 * At the end, the compacted graph is compared with a build of all that should be in it.
 */
export async function crashLoop(given: Partial<CrashLoopOptions> = {}): Promise<CrashLoopReport> {
  const options = { ...crashLoopDefaults, ...given };
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-crash-'));
  const directory = join(folder, 'graph');
  const report: CrashLoopReport = {
    kills: options.kills,
    whileOpening: 0,
    whileCompacting: 0,
    compactions: 0,
    accepted: 0,
    inFlight: 0,
    keptInFlight: 0,
  };
  try {
    const model = new Model();
    model.take({ kind: 'add', pairs: [['board 0', 'pin 0']] }, 0);
    await buildGraph({ ...filesOf(model, folder), out: directory, threads: 1 });
    let next = 1;
    for (let round = 1; round <= options.kills; round++) {
      const lines = await live(directory, next, round, options);
      const sent = last(lines, 'sent', next - 1);
      const accepted = last(lines, 'accepted', next - 1);
      const kept = await survivors(directory, model, options.seed, [next, accepted, sent]);
      const count = (line: string): number => lines.filter((each) => each === line).length;
      if (!lines.includes('open')) report.whileOpening++;
      if (count('compacting') > count('compacted')) report.whileCompacting++;
      report.compactions += count('compacted');
      report.accepted += accepted - next + 1;
      report.inFlight += sent - accepted;
      report.keptInFlight += kept - accepted;
      next = sent + 1;
      if (round % 10 === 0) options.log(`${round} kills: ${JSON.stringify(report)}`);
    }
    await finalCheck(directory, model, folder);
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens the graph as the next writer would, and takes the model to the step that it holds; gives that step. */
async function survivors(
  directory: string,
  model: Model,
  seed: number,
  [first, accepted, sent]: readonly [number, number, number],
): Promise<number> {
  const graph = await openLiveGraph(directory, { compactBelow: 0 });
  const found = textOf(graph.view);
  await graph.close();
  for (let number = first; number <= accepted; number++) model.take(stepOf(seed, number), number);
  for (let number = accepted; number <= sent; number++) {
    if (number > accepted) model.take(stepOf(seed, number), number);
    if (model.text() === found) return number;
  }
  throw new BoardwalkError('mismatch', `The graph holds what no number of the steps ${accepted} … ${sent} leaves.`);
}

function filesOf(model: Model, folder: string): { edges: string[]; pins: string; boards: string } {
  const write = (name: string, header: string, rows: Iterable<string>): string => {
    const path = join(folder, name);
    writeFileSync(path, [header, ...rows, ''].join('\n'));
    return path;
  };
  return {
    edges: [write('edges.tsv', 'board_id\tpin_id', model.edges)],
    pins: write(
      'pins.tsv',
      'pin_id\ttitle',
      Array.from(model.titles, ([pin, title]) => `${pin}\t${title ?? ''}`),
    ),
    boards: write('boards.tsv', 'board_id', model.boards),
  };
}

async function finalCheck(directory: string, model: Model, folder: string): Promise<void> {
  const graph = await openLiveGraph(directory);
  await graph.compact();
  await graph.close();
  const compacted = await openGraph(directory, { checksums: true });
  const built = await buildGraph({ ...filesOf(model, folder), out: join(folder, 'built'), threads: 1 });
  if (compacted.id !== built.manifest.id)
    throw new BoardwalkError('mismatch', 'The compacted graph is not the one that a build makes.');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const kills = Number(process.argv[2] ?? crashLoopDefaults.kills);
  const report = await crashLoop({ kills, log: (line) => console.error(line) });
  console.log(JSON.stringify(report));
}
