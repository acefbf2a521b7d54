import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BoardwalkError } from '../errors.js';
import { type TextRow, writeTextParquet } from './parquet-rows.js';
import { importFolder } from './import-folder.js';
import { writeWholeDirectory } from './whole-directory.js';

export interface ImportLightgcnOptions {
  /** One line a user: `user item item …`; plain or .gz. */
  train: string;
  test: string;
  out: string;
  force?: boolean;
}

export interface LightgcnCounts {
  readonly boards: number;
  readonly edges: number;
  readonly test: number;
}

type Pair = TextRow<'board_id' | 'pin_id'>;

function textOf(file: string): Readable {
  const bytes = createReadStream(file);
  return file.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => {}) : bytes;
}

async function readPairs(file: string): Promise<Pair[]> {
  const pairs: Pair[] = [];
  let row = 0;
  try {
    for await (const line of createInterface({ input: textOf(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      row++;
      const [board, ...pins] = line.trim().split(/\s+/);
      for (const pin of pins) pairs.push({ board_id: board, pin_id: pin });
    }
  } catch (cause) {
    const where = { file, row };
    throw new BoardwalkError('bad_file', `${file} cannot be read: ${(cause as Error).message}.`, where, { cause });
  }
  if (pairs.length > 0) return pairs;
  throw new BoardwalkError('bad_file', `${file} holds no pair. Its lines must read: user item item ….`, { file });
}

/** Turns a data set in the LightGCN papers' format into edges.parquet (train) and test.parquet: users act as boards. */
export function importLightgcn({ train, test, out, force = false }: ImportLightgcnOptions): Promise<LightgcnCounts> {
  const fill = async (folder: string): Promise<LightgcnCounts> => {
    const edges = await readPairs(train);
    const pairs = await readPairs(test);
    await writeTextParquet(join(folder, 'edges.parquet'), ['board_id', 'pin_id'], edges);
    await writeTextParquet(join(folder, 'test.parquet'), ['board_id', 'pin_id'], pairs);
    return { boards: new Set(edges.map(({ board_id }) => board_id)).size, edges: edges.length, test: pairs.length };
  };
  return writeWholeDirectory(out, importFolder, fill, { force });
}
