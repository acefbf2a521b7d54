import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { restoreDirectory } from '../data/whole-directory.js';
import { refuseUnwritable } from '../data/whole-file.js';
import type { Drift } from '../embedding/drift.js';
import { renewTable } from '../embedding/renew-table.js';
import { readEmbeddingTable, writeEmbeddingTable } from '../embedding/table-file.js';
import { bytesOf, typeOf, type VectorType } from '../embedding/vectors.js';
import { notePending } from '../graph/live/pending.js';
import { openGraph } from '../graph/open.js';
import { type BackendName, openBackend } from '../model/backends.js';
import { openPinSage } from '../model/model-file.js';
import type { Progress } from '../progress.js';
import { assertRenewable } from '../registry/assert-renewable.js';
import { checkModelFiles } from '../registry/model-checksums.js';
import { modelFiles } from '../registry/model-files.js';
import { readModelDirectory } from '../registry/model.js';
import { replaceTable } from '../registry/replace-table.js';

export interface EmbedOptions {
  graph: string;
  model: string;
  /** Where the table goes; in the place of the model's own, with a new index, where absent. */
  out?: string;
  backend: 'auto' | BackendName;
  threads?: number;
  /** How the vectors are kept; as in the table before, float32 at first. */
  type?: VectorType;
  progress: Progress;
}

export interface Embedded {
  readonly file: string;
  readonly pins: number;
  readonly dimension: number;
  readonly type: VectorType;
  readonly bytes: number;
  readonly model_id: string;
  readonly graph_id: string;
  readonly backend: BackendName;
  /** How far the vectors moved from those before; null where there were none. */
  readonly drift: Drift | null;
}

/** Embeds every pin of a graph directory with the weights of a model directory. */
export async function embedDirectory({
  graph: graphDirectory,
  model: modelDirectory,
  out,
  threads,
  type,
  progress,
  ...options
}: EmbedOptions): Promise<Embedded> {
  if (out !== undefined) await refuseUnwritable(out, 'out', [graphDirectory, modelDirectory]);
  // A renewal that was killed between its last two steps has moved the model aside.
  if (out === undefined) restoreDirectory(modelDirectory);
  const { modelId, seed, model, previous } = readModelDirectory(modelDirectory, (place, { id, spec }) => {
    if (out === undefined) assertRenewable(modelDirectory, [place]);
    const own = join(place, modelFiles.table);
    checkModelFiles(place, out === undefined ? undefined : [modelFiles.table]);
    return {
      modelId: id,
      seed: spec.seed,
      model: openPinSage(join(place, modelFiles.weights)),
      previous: existsSync(own) ? readEmbeddingTable(own) : undefined,
    };
  });
  notePending(graphDirectory, progress);
  const graph = await openGraph(graphDirectory);
  const backend = await openBackend(options.backend);
  const { table, drift } = await renewTable(graph, model, {
    modelId,
    backend,
    seed,
    progress,
    threads,
    type,
    previous,
  });
  if (out === undefined) await replaceTable(modelDirectory, table, drift);
  else await writeEmbeddingTable(out, table);
  return {
    file: out ?? join(modelDirectory, modelFiles.table),
    pins: graph.pins.size,
    dimension: table.dimension,
    type: typeOf(table.vectors),
    bytes: bytesOf(table.vectors),
    model_id: modelId,
    graph_id: graph.id,
    backend: backend.name,
    drift,
  };
}
