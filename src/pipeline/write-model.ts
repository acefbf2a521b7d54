import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildIndex } from '../ann/index-file.js';
import { saveSource } from '../candidates/fitted-source.js';
import { writeWholeDirectory } from '../data/whole-directory.js';
import type { Drift } from '../embedding/drift.js';
import { writeEmbeddingTable } from '../embedding/table-file.js';
import { tableOf } from '../embedding/table-of.js';
import { trainedColumns } from '../embedding/table.js';
import { packVectors, type VectorType } from '../embedding/vectors.js';
import type { Graph } from '../graph/graph.js';
import { vectorColumns } from '../model/pin-axes.js';
import { writeJson } from '../registry/json-file.js';
import { writeChecksums } from '../registry/model-checksums.js';
import { modelFiles, modelFolder } from '../registry/model-files.js';
import { modelId } from '../registry/model-id.js';
import { assertStillThere, type ModelMetrics, type ModelSummary } from '../registry/model.js';
import type { ModelSpec } from '../registry/spec.js';
import type { FittedModel } from './fit/fit-model.js';
import { saveWeights } from './weights/model-weights.js';

export interface WriteModelInput {
  readonly directory: string;
  readonly graph: Graph;
  readonly fitted: FittedModel;
  readonly spec: ModelSpec;
  /** How the vectors are kept; as floats unless told. */
  readonly type?: VectorType;
  /** Where the log of training and the edges kept from it lie, copied where they exist. */
  readonly ofTraining: string;
  /** How far the vectors lie from those before, or of the model that training began from. */
  readonly drift?: Drift;
  /** The model there that is renewed; one that has come in its place meanwhile is not replaced. */
  readonly renews?: string;
  /** Replace a model that lies there. */
  readonly force: boolean;
}

/** Writes a model directory beside its place and moves it there when it is whole. */
export function writeModel({
  directory,
  graph,
  fitted,
  spec,
  type = 'float32',
  ofTraining,
  drift,
  renews,
  force,
}: WriteModelInput): Promise<ModelSummary> {
  return writeWholeDirectory(
    directory,
    modelFolder,
    async (temporary) => {
      const at = (name: keyof typeof modelFiles): string => join(temporary, modelFiles[name]);
      await saveWeights(temporary, fitted.weights);
      const id = modelId(spec, at('weights'));
      const { whole } = fitted.weights.pinsage;
      const table = tableOf(graph, packVectors(fitted.vectors, vectorColumns(whole), type), whole, id);
      await writeEmbeddingTable(at('table'), table);
      buildIndex(trainedColumns(table, whole.spec), at('index'));
      mkdirSync(at('candidates'));
      for (const source of fitted.sources) await saveSource(at('candidates'), source);
      writeJson(at('ranker'), fitted.ranker);
      const metrics: ModelMetrics = { task: 'board', ...fitted.report };
      writeJson(at('metrics'), metrics);
      for (const name of ['training', 'holdout'] as const) {
        const kept = join(ofTraining, modelFiles[name]);
        if (existsSync(kept)) copyFileSync(kept, at(name));
      }
      if (drift) writeJson(at('drift'), drift);
      writeJson(at('spec'), spec);
      writeChecksums(temporary);
      if (renews !== undefined) assertStillThere(directory, renews);
      return { directory, id, spec, metrics };
    },
    { force },
  );
}
