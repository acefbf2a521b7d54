import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { BoardwalkError } from '../../src/errors.js';
import { random, streamOf } from '../../src/random.js';
import { damage } from './damage.js';
import type { FuzzedReader } from './readers.js';

/** What a reader made of a damaged file: a result, or one error that names it. The rest are findings. */
export type Outcome = 'read' | 'refused' | 'raw error' | 'error without the file' | 'silently wrong' | 'crash' | 'hang';

export interface Trial {
  outcome: Outcome;
  /** What was damaged and how, and what came of it. */
  detail: string;
}

export interface Fuzzed {
  /** Whole files, as `writeSpecimens` makes them. */
  specimens: string;
  /** A folder for damaged copies. */
  scratch: string;
  seed: number;
}

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.sort();
}

/** What checked readers find in the undamaged specimens, by reader. */
const whole = new Map<FuzzedReader, Promise<string>>();

function expected(reader: FuzzedReader, specimens: string): Promise<string> {
  const known = whole.get(reader) ?? reader.read(join(specimens, reader.specimen), specimens);
  whole.set(reader, known);
  return known;
}

// From dist/benchmarks/fuzz: results are kept, and where the program lies on a machine says nothing.
const home = new URL('../../../', import.meta.url).href;

function judge(error: unknown, folder: string): Trial {
  const { message, stack = message } = error as Error;
  if (!(error instanceof BoardwalkError)) return { outcome: 'raw error', detail: stack.replaceAll(home, '') };
  return { outcome: message.includes(folder) ? 'refused' : 'error without the file', detail: message };
}

/** The `number`th trial of a reader: the same for the same seed and specimens, whatever ran before. */
export async function trial(
  reader: FuzzedReader,
  number: number,
  { specimens, scratch, seed }: Fuzzed,
): Promise<Trial> {
  const name = [...Buffer.from(reader.name)].reduce((stream, byte) => streamOf(stream, byte), 0);
  const source = random(seed, name, number);
  const folder = join(scratch, 'trial');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const path = join(folder, basename(reader.specimen));
  cpSync(join(specimens, reader.specimen), path, { recursive: true });

  const files = filesIn(path);
  const file = files[source.below(files.length)];
  const others = filesIn(specimens);
  const other = readFileSync(others[source.below(others.length)]);
  const original = readFileSync(file);
  const { bytes, what } = damage(original, source, other);
  writeFileSync(file, bytes);
  const done = `${relative(folder, file)}: ${what}`;
  try {
    const found = await reader.read(path, specimens);
    if (reader.checked && found !== (await expected(reader, specimens)))
      return { outcome: 'silently wrong', detail: done };
    return { outcome: 'read', detail: done };
  } catch (error) {
    const { outcome, detail } = judge(error, folder);
    return { outcome, detail: `${done} -> ${detail}` };
  }
}

export function isFinding({ outcome }: Trial): boolean {
  return outcome !== 'read' && outcome !== 'refused';
}
