import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BoardwalkError } from '../errors.js';
import { type Progress, silentProgress } from '../progress.js';
import { withDefaults } from '../with-defaults.js';
import { debianCollections, type PackageStanza, readStanzas } from './debian-packages.js';
import { writeTextParquet } from './parquet-rows.js';
import { importFolder } from './import-folder.js';
import { refuseExisting, writeWholeDirectory } from './whole-directory.js';

export interface ImportDebianOptions {
  /** A Packages file, plain or .gz; `-` reads standard input. */
  packages: string;
  out: string;
  /** Boards with fewer pins are left out. */
  minimumPins: number;
  force: boolean;
  progress: Progress;
}

export const importDebianDefaults = { minimumPins: 2, force: false, progress: silentProgress };

export interface ImportCounts {
  readonly boards: number;
  readonly pins: number;
  readonly edges: number;
}

function textOf(packages: string): Readable {
  if (packages === '-') return process.stdin;
  const file = createReadStream(packages);
  // pipeline hands a fault of the file on to whoever reads what it unpacks to.
  return packages.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file;
}

async function readIndex(packages: string, progress: Progress): Promise<PackageStanza[]> {
  const stanzas: PackageStanza[] = [];
  const reading = progress.stage(`reading ${packages === '-' ? 'standard input' : packages}`);
  try {
    for await (const one of readStanzas(createInterface({ input: textOf(packages) }))) {
      stanzas.push(one);
      reading.update(stanzas.length);
    }
  } catch (cause) {
    const { message } = cause as Error;
    throw new BoardwalkError(
      'bad_file',
      `${packages} cannot be read as a package index (${message}). Give a plain or .gz file of control stanzas.`,
      { file: packages, field: 'packages' },
      { cause },
    );
  }
  reading.finish(`${stanzas.length.toLocaleString('en-US')} packages`);
  return stanzas;
}

/** Turns a Debian package index into edges.parquet, pins.parquet and boards.parquet under `out`. */
export async function importDebian(
  given: Partial<ImportDebianOptions> & Pick<ImportDebianOptions, 'packages' | 'out'>,
): Promise<ImportCounts> {
  const { packages, out, minimumPins, force, progress } = withDefaults(importDebianDefaults, given);
  refuseExisting(out, importFolder, force);
  const stanzas = await readIndex(packages, progress);
  const { edges, pins, boards } = debianCollections(stanzas, minimumPins);
  if (edges.length === 0)
    throw new BoardwalkError(
      'bad_file',
      `${packages} names no package that depends on another. Give a Debian index of control stanzas, such as what \`apt-cache dumpavail\` prints.`,
      { file: packages, field: 'packages' },
    );
  await writeWholeDirectory(
    out,
    importFolder,
    async (folder) => {
      await writeTextParquet(join(folder, 'edges.parquet'), ['board_id', 'pin_id', 'section'], edges);
      await writeTextParquet(join(folder, 'pins.parquet'), ['pin_id', 'title', 'text'], pins);
      await writeTextParquet(join(folder, 'boards.parquet'), ['board_id', 'title', 'text', 'owner'], boards);
    },
    { force },
  );
  return { boards: boards.length, pins: pins.length, edges: edges.length };
}
