import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../data/columns.js';
import { BoardwalkError } from '../errors.js';
import type { FileRecord } from './arrow-file.js';
import type { OrderColumn } from './node-order.js';

/** The version of the graph directory's layout. A reader refuses versions that it does not know. */
export const formatVersion = 1;

/** A file that the graph was built from. */
export interface SourceRecord {
  role: Role;
  file: string;
  bytes: number;
  sha256: string;
  rows: number;
}

/** Where a graph came from; no part of its id. */
export interface Provenance {
  tool: string;
  sources: SourceRecord[];
  options: Record<string, unknown>;
  /** Rows left out, by reason. */
  rejects: Record<string, number>;
  /** Rows that repeated an earlier one. */
  duplicates: Record<'edges' | 'pins' | 'boards', number>;
}

export interface Manifest {
  format: 'boardwalk-graph';
  version: number;
  /** Hash of the files below: graphs that hold the same have the same id, whenever they were built. */
  id: string;
  counts: { pins: number; boards: number; edges: number };
  /** Feature names with their dimensions. */
  features: { name: string; dimension: number; file: string }[];
  /** Attributes that nodes are numbered by, before their ids; absent where by ids alone. */
  order?: readonly OrderColumn[];
  files: Record<string, FileRecord>;
  provenance: Provenance;
}

export function graphId(files: Record<string, FileRecord>): string {
  const hash = createHash('sha256').update(`boardwalk-graph ${formatVersion}\n`);
  for (const name of Object.keys(files).sort()) hash.update(`${name} ${files[name].sha256}\n`);
  return hash.digest('hex').slice(0, 16);
}

export function writeManifest(directory: string, manifest: Manifest): void {
  const file = openSync(join(directory, 'manifest.json'), 'w');
  try {
    writeSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export function readManifest(directory: string): Manifest {
  const path = join(directory, 'manifest.json');
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new BoardwalkError(
      'not_found',
      `${directory} is no graph directory: its manifest.json is missing or unreadable. Make one with \`boardwalk build\`.`,
      { file: path },
      { cause },
    );
  }
  if (manifest.format !== 'boardwalk-graph')
    throw new BoardwalkError('bad_file', `${path} describes no graph. Give the folder that \`boardwalk build\` made.`, {
      file: path,
    });
  if (manifest.version !== formatVersion)
    throw new BoardwalkError(
      'format_version',
      `${directory} has format version ${manifest.version}; this Boardwalk reads ${formatVersion}. Build the graph again.`,
      { file: path, field: 'version' },
    );
  return manifest;
}
