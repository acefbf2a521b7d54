import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWholeDirectory } from '../data/read-whole-directory.js';
import { BoardwalkError } from '../errors.js';
import { isRecord } from '../is-record.js';
import type { FileRecord } from './arrow-file.js';
import { type OrderColumn, orderColumns } from './node-order.js';
import { relationFiles, type RelationRecord } from './relations.js';
import { type Provenance, rebuildAdvice } from './provenance.js';

export type { Provenance, SourceRecord } from './provenance.js';

export const manifestFile = 'manifest.json';

/** The version of the graph directory's layout. A reader refuses versions that it does not know. */
export const formatVersion = 1;

export interface Manifest {
  format: 'boardwalk-graph';
  version: number;
  /** Hash of the files below: graphs that hold the same have the same id, whenever they were built. */
  id: string;
  counts: { pins: number; boards: number; edges: number };
  /** Feature names with their dimensions. */
  features: { name: string; dimension: number; file: string }[];
  /** Other graphs over the same pins; absent where there are none. */
  relations?: readonly RelationRecord[];
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
  const file = openSync(join(directory, manifestFile), 'w');
  try {
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRelation(value: unknown, files: object): boolean {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    isCount(value.nodes) &&
    isCount(value.edges) &&
    Object.values(relationFiles(value.name)).every((file) => Object.hasOwn(files, file))
  );
}

/** The field whose value no manifest can have; undefined in a sound one. */
function wrongField({ counts, features, files, id, order, relations }: Partial<Manifest>): string | undefined {
  if (!isRecord(counts) || ![counts.pins, counts.boards, counts.edges].every(isCount)) return 'counts';
  if (!isRecord(files)) return 'files';
  for (const file of Object.values(files))
    if (!isRecord(file) || !isCount(file.bytes) || typeof file.sha256 !== 'string') return 'files';
  if (id !== graphId(files)) return 'id';
  if (!Array.isArray(features)) return 'features';
  for (const feature of features)
    if (!isRecord(feature) || !Object.hasOwn(files, String(feature.file)) || !isCount(feature.dimension))
      return 'features';
  if (relations !== undefined && !(Array.isArray(relations) && relations.every((each) => isRelation(each, files))))
    return 'relations';
  if (order !== undefined && !(Array.isArray(order) && order.every((name) => orderColumns.includes(name))))
    return 'order';
  return undefined;
}

/** A graph of another version: which program reads it, or how to make one that this program reads. */
function otherVersion(directory: string, path: string, { version, provenance }: Partial<Manifest>): BoardwalkError {
  const tool = typeof provenance?.tool === 'string' ? provenance.tool : 'another version of Boardwalk';
  const [, newer] = /^boardwalk (\S+)$/.exec(tool) ?? [];
  const install =
    typeof version === 'number' && version > formatVersion && newer !== undefined
      ? `Install boardwalk@${newer} or later, or: `
      : '';
  return new BoardwalkError(
    'format_version',
    `${directory} has format version ${JSON.stringify(version)}, made by ${tool}; this Boardwalk reads ${formatVersion}. ` +
      install +
      rebuildAdvice(provenance),
    { file: path, field: 'version' },
  );
}

function manifestIn(directory: string): Manifest {
  const path = join(directory, manifestFile);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new BoardwalkError(
      'not_found',
      `${directory} is no graph directory: its manifest.json is missing or unreadable. Make one with \`boardwalk build\`.`,
      { file: path },
      { cause },
    );
  }
  let manifest: Partial<Manifest> | null = null;
  try {
    manifest = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (!isRecord(manifest) || manifest.format !== 'boardwalk-graph')
    throw new BoardwalkError(
      'bad_file',
      `${path} is damaged or describes no graph directory. Give the folder that \`boardwalk build\` made, or build it again.`,
      { file: path },
    );
  if (manifest.version !== formatVersion) throw otherVersion(directory, path, manifest);
  const field = wrongField(manifest);
  if (field !== undefined)
    throw new BoardwalkError(
      'bad_file',
      `${path} is damaged: its field "${field}" cannot be right. ${rebuildAdvice(manifest.provenance)}`,
      { file: path, field },
    );
  return manifest as Manifest;
}

/**
 * Reads a graph directory, from where it lies, and anew where another has come in its place meanwhile: what `read` gives,
 * or throws, is of one graph. @throws BoardwalkError `not_found`, `bad_file` or `format_version`
 */
export function readGraphDirectory<T>(directory: string, read: (place: string, manifest: Manifest) => T): T {
  return readWholeDirectory(directory, [manifestFile], (place) => read(place, manifestIn(place)));
}

/** @throws BoardwalkError `not_found`, `bad_file` or `format_version` */
export function readManifest(directory: string): Manifest {
  return readGraphDirectory(directory, (_, manifest) => manifest);
}

/** Throws `mismatch` where a directory has come to hold another graph than the one that was opened there. */
export function assertUnreplaced(directory: string, { id }: Manifest, opened: string): void {
  if (id !== opened)
    throw new BoardwalkError(
      'mismatch',
      `${directory} is no longer the graph that was opened, ${opened}: ${id} has come in its place, by a build or a ` +
        'compaction. Open it again, or repeat the command.',
      { file: directory },
    );
}
