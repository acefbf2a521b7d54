import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildIndex } from '../ann/index-file.js';
import { unfinished } from '../data/folder-kind.js';
import { writeEmbeddingTable } from '../embedding/table-file.js';
import type { EmbeddingTable } from '../embedding/table.js';
import { readJson, writeJson } from './json-file.js';
import { checkModelFiles, writeChecksums } from './model-checksums.js';
import { modelFiles } from './model-files.js';
import { assertStillThere } from './model.js';
import { type ModelSpec, trainedPart } from './spec.js';

/**
 * Puts a renewed embedding table, its index and its drift report into a model directory. The index goes
 * first: while there is none, exact search serves, so no moment pairs vectors with another table's index.
 * @throws BoardwalkError `checksum` where a file is damaged, for nothing may call it good; `mismatch` where another
 * model lies there than the table's
 */
export async function replaceTable(directory: string, table: EmbeddingTable, drift: object | null): Promise<void> {
  const index = join(directory, modelFiles.index);
  const renewed = `${index}.new`;
  assertStillThere(directory, table.modelId);
  checkModelFiles(directory);
  for (const left of readdirSync(directory).filter((name) => unfinished.test(name))) rmSync(join(directory, left));
  // While parts are replaced they have no checksum, so that a stop between them leaves a model that opens.
  writeChecksums(directory, [modelFiles.table, modelFiles.index, modelFiles.drift]);
  rmSync(index, { force: true });
  await writeEmbeddingTable(join(directory, modelFiles.table), table);
  const spec = readJson<ModelSpec>(join(directory, modelFiles.spec));
  const { name } = buildIndex(trainedPart(table, spec), renewed);
  if (name === 'hnsw') renameSync(renewed, index);
  if (drift !== null) writeJson(join(directory, modelFiles.drift), drift);
  writeChecksums(directory);
}
