import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildIndex } from '../ann/index-file.js';
import type { Drift } from '../embedding/drift.js';
import { writeEmbeddingTable } from '../embedding/table-file.js';
import type { EmbeddingTable } from '../embedding/table.js';
import { writeJson } from './json-file.js';
import { modelFiles } from './model-files.js';

/** Beside the table: how far it lies from the one before. */
export const driftFile = 'embedding.drift.json';

/**
 * Puts a new embedding table into a model directory, with its index and its drift report. The old index
 * goes first: a directory without one is searched exactly, one with a stale index would be searched wrongly.
 */
export async function replaceTable(directory: string, table: EmbeddingTable, drift: Drift | null): Promise<void> {
  const index = join(directory, modelFiles.index);
  await rm(index, { force: true });
  await writeEmbeddingTable(join(directory, modelFiles.table), table);
  const temporary = `${index}.part`;
  const built = buildIndex(table, temporary);
  if (built.name === 'hnsw') await rename(temporary, index);
  if (drift) writeJson(join(directory, driftFile), drift);
}
