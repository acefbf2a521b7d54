import type { EvaluationReport } from '../evaluate.js';
import { isExposure } from '../report.js';

const names: Record<string, string> = {
  recall: 'Recall',
  ndcg: 'NDCG',
  hit_rate: 'Hit rate',
  mrr: 'MRR',
  coverage: 'Coverage',
  log_popularity: 'Log popularity',
  head_share: 'Head share',
  gini: 'Gini',
};

/** `recall@20` as its family and cut-off; MRR has none. */
export function familyOf(measure: string): { family: string; k: number | undefined } {
  const [family, k] = measure.split('@');
  return { family, k: k === undefined ? undefined : Number(k) };
}

/** `recall@20` for people: Recall@20. Of related pins, MRR counts hundreds of places, as PinSage's does. */
export function measureLabel({ task }: Pick<EvaluationReport, 'task'>, measure: string): string {
  const { family, k } = familyOf(measure);
  const name = family === 'mrr' && task === 'related' ? 'Scaled MRR' : (names[family] ?? family);
  return k === undefined ? name : `${name}@${k}`;
}

/** The cut-off that stands for all: 20 where it is among them, for that is what the field quotes, else the first. */
export function leadingCut({ asked }: EvaluationReport): number {
  return asked.ks.includes(20) ? 20 : asked.ks[0];
}

/** What methods are first told apart by: pairs of related pins have one answer each, so there it is the hit rate. */
export function leadingFamily({ task }: EvaluationReport): 'recall' | 'hit_rate' {
  return task === 'related' ? 'hit_rate' : 'recall';
}

export function leadingMeasure(report: EvaluationReport): string {
  return `${leadingFamily(report)}@${leadingCut(report)}`;
}

/** Every measure of a report, those of quality or those of what lists show. */
export function measuresOf({ methods }: EvaluationReport, kind: 'quality' | 'exposure'): string[] {
  const [first = {}] = Object.values(methods);
  return Object.keys(first).filter((measure) => isExposure(measure) === (kind === 'exposure'));
}

/** Methods, best first by a measure. */
export function rankedMethods({ methods }: EvaluationReport, measure: string): string[] {
  return Object.keys(methods).sort((a, b) => methods[b][measure] - methods[a][measure]);
}

export const figure = (value: number): string => value.toFixed(4);

export const short = (value: number): string => value.toFixed(3);

export const count = (value: number): string => value.toLocaleString('en-US');

export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** A p-value as precise as resampling can tell. */
export const significance = (p: number): string => (p < 0.0005 ? '< .001' : p.toFixed(3).replace(/^0/, ''));
