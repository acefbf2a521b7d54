import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type ColumnRecord, columnRecords, damagedColumn } from '../data/column-checksums.js';
import { crcOf, crcText } from '../data/crc.js';
import { type Bytes, pieces, withFileBytes } from '../data/file-bytes.js';
import { unfinished } from '../data/folder-kind.js';
import { readingFile } from '../data/read-file.js';
import { BoardwalkError } from '../errors.js';
import { writeJson } from './json-file.js';
import { modelFiles } from './model-files.js';

interface FileSum {
  bytes: number;
  /** Of the whole file, in hexadecimal. */
  crc32: string;
  /** Of an Arrow file. */
  columns?: Record<string, ColumnRecord>;
}

type Sums = Record<string, FileSum>;

const mend =
  'Restore it from a copy, or make the model again with `boardwalk rank` or, where that refuses it too, `boardwalk train`.';

function sumOf(file: Bytes): string {
  return crcText(crcOf(pieces(file)));
}

const mendSums =
  'What it speaks of may be whole: restore it from a copy, or delete it, and the model opens unchecked until ' +
  '`boardwalk embed` or `rank` records its files as they then are.';

/** The sums that a model directory has; models made before there were any have none. */
function readSums(directory: string): Sums {
  const path = join(directory, modelFiles.checksums);
  if (!existsSync(path)) return {};
  return readingFile(path, mendSums, () => {
    const sums = JSON.parse(readFileSync(path, 'utf8')) as Sums;
    if (Object.values(sums).some((sum) => typeof sum?.crc32 !== 'string')) throw new Error('it holds no checksums');
    // Earlier versions recorded half-written files too, which are gone by now.
    return Object.fromEntries(Object.entries(sums).filter(([name]) => !unfinished.test(name)));
  });
}

function recordOf(path: string): FileSum {
  return withFileBytes(path, (file) => ({
    bytes: file.size,
    crc32: sumOf(file),
    ...(path.endsWith('.arrow') && { columns: columnRecords(file, mend) }),
  }));
}

/**
 * Records what every file of a model directory holds, but for the files named in `without`. What is recorded already
 * stands: a file that has been damaged since does not become a good one.
 */
export function writeChecksums(directory: string, without: readonly string[] = []): void {
  const before = readSums(directory);
  const sums: Sums = {};
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const name = relative(directory, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
    const passed = name === modelFiles.checksums || unfinished.test(name) || without.includes(name);
    if (entry.isFile() && !passed) sums[name] = before[name] ?? recordOf(join(directory, name));
  }
  writeJson(join(directory, modelFiles.checksums), sums);
}

function checkFile(path: string, expected: FileSum): void {
  if (!existsSync(path)) throw new BoardwalkError('not_found', `${path} is missing. ${mend}`, { file: path });
  withFileBytes(path, (file) => {
    if (file.size !== expected.bytes)
      throw new BoardwalkError('checksum', `${path} has ${file.size} bytes instead of ${expected.bytes}. ${mend}`, {
        file: path,
      });
    const found = sumOf(file);
    if (found === expected.crc32) return;
    const column = expected.columns && damagedColumn(file, expected.columns, mend)?.column;
    const where = column === undefined ? '' : ` in column "${column}"`;
    throw new BoardwalkError(
      'checksum',
      `${path} is damaged${where}: its checksum (CRC-32) is ${found} instead of ${expected.crc32}. ${mend}`,
      { file: path, field: column },
    );
  });
}

/**
 * Compares files of a model directory, all or those named, with what was written. Reads each once, which costs
 * less than opening them does. Models made before there were checksums have none, and pass.
 * @throws BoardwalkError `checksum`, `not_found` or `bad_file`
 */
export function checkModelFiles(directory: string, names?: readonly string[]): void {
  for (const [name, sum] of Object.entries(readSums(directory)))
    if (names === undefined || names.includes(name)) checkFile(join(directory, name), sum);
}
