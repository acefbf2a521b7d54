import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { columnAtEnd } from '../data/arrow-layout.js';
import { damagedColumn } from '../data/column-checksums.js';
import { type Bytes, pieces, withFileBytes } from '../data/file-bytes.js';
import { BoardwalkError } from '../errors.js';
import { type FileRecord, fileBytes } from './arrow-file.js';
import type { Manifest } from './manifest.js';
import { rebuildAdvice } from './provenance.js';

function sha256Of(file: Bytes): string {
  const hash = createHash('sha256');
  for (const piece of pieces(file)) hash.update(piece);
  return hash.digest('hex');
}

/** Throws for a file of another size, with the column that it ends in if it was cut short. */
function checkSize(path: string, { bytes, columns = {} }: FileRecord, advice: string): void {
  const found = fileBytes(path);
  if (found === bytes) return;
  const counts = Object.entries(columns).map(([column, { buffers }]) => [column, buffers] as const);
  const field = found < bytes ? withFileBytes(path, (file) => columnAtEnd(file, counts)) : undefined;
  const where = field === undefined ? '' : `: it ends within column "${field}"`;
  throw new BoardwalkError('checksum', `${path} has ${found} bytes instead of ${bytes}${where}. ${advice}`, {
    file: path,
    field,
  });
}

/** Throws for a file of other bytes, with the column whose checksum differs. */
function checkHash(path: string, { sha256, columns }: FileRecord, advice: string): void {
  withFileBytes(path, (file) => {
    if (sha256Of(file) === sha256) return;
    const damaged = damagedColumn(file, columns ?? {}, advice);
    const what =
      columns === undefined
        ? 'differs from what was built'
        : damaged === undefined
          ? 'differs from what was built, though no column does: its schema, batch headers or footer are damaged'
          : `is damaged in column "${damaged.column}", whose checksum (CRC-32) is ${damaged.found ?? 'missing'} instead of ${columns[damaged.column].crc32}`;
    throw new BoardwalkError('checksum', `${path} ${what}. ${advice}`, {
      file: path,
      field: damaged?.column,
    });
  });
}

/** Compares a graph's files with its manifest: their sizes, and with `checksums` all their bytes. */
export function checkFiles(directory: string, { files, provenance }: Manifest, checksums: boolean): void {
  const advice = rebuildAdvice(provenance);
  for (const [name, record] of Object.entries(files)) {
    const path = join(directory, name);
    checkSize(path, record, advice);
    if (checksums) checkHash(path, record, advice);
  }
}
