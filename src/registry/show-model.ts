import { join } from 'node:path';
import { readingFile } from '../data/read-file.js';
import { BoardwalkError } from '../errors.js';
import { modelFiles } from './model-files.js';
import { type ModelSummary, readSummary } from './model.js';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** A model's summary; throws where it lacks what is shown of it. */
export function readWhole(directory: string): ModelSummary {
  return readingFile(directory, 'Train again.', () => {
    const model = readSummary(directory);
    const { spec, metrics } = model;
    for (const [file, whole] of [
      [modelFiles.spec, typeof spec.provenance?.created_at === 'string' && isObject(spec.provenance.timings)],
      [modelFiles.metrics, isObject(metrics?.methods?.recommender) && isObject(metrics.ranker)],
    ] as const)
      if (!whole) {
        const path = join(directory, file);
        throw new BoardwalkError('bad_file', `${path} is not that of a whole model; train again.`, { file: path });
      }
    return model;
  });
}

const methodWidth = 14;

/** What has no value is not a number when it is made, and null when it is read. */
const figure = (value: number | null): string =>
  value === null || Number.isNaN(value) ? 'none' : String(Number(value.toPrecision(4)));

function line(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(methodWidth) : cell.padStart(10))).join(' ');
}

/** A model's held-out figures as a table for people, the best method first. */
export function methodTable({ metrics }: ModelSummary): string {
  const rows = Object.entries(metrics.methods);
  const names = [...new Set(rows.flatMap(([, figures]) => Object.keys(figures)))];
  const sorted = rows.toSorted(([, a], [, b]) => (b[names[0]] ?? 0) - (a[names[0]] ?? 0));
  return [
    line(['method', ...names]),
    ...sorted.map(([method, figures]) => line([method, ...names.map((name) => figures[name]?.toFixed(4) ?? '')])),
  ].join('\n');
}

/** What a command prints about a model as JSON. */
export function modelJson({ id, directory, spec, metrics }: ModelSummary): object {
  return { model_id: id, directory, graph_id: spec.graph_id, metrics, provenance: spec.provenance };
}

/** What a command prints about a model for people. */
export function modelText(model: ModelSummary): string {
  const { provenance } = model.spec;
  const timings = Object.entries(provenance.timings).map(([stage, seconds]) => `${stage} ${seconds} s`);
  return [
    `model ${model.id}  ${model.directory}`,
    `graph ${model.spec.graph_id}  made ${provenance.created_at} with ${provenance.backend}`,
    timings.join(', '),
    '',
    'On validation boards that neither the ranker nor its sources were fitted to. A source has the settings',
    'that serve beside the others; `boardwalk evaluate` judges it with those that find most alone.',
    methodTable(model),
    '',
    ...Object.entries(model.metrics.ranker).map(([name, value]) => `ranker ${name}: ${figure(value)}`),
  ].join('\n');
}
