import type { CatalogueName } from '../catalogue.js';
import type { EvaluationReport } from '../evaluate.js';
import { surely } from '../report.js';
import { leadingCut, leadingFamily, leadingMeasure, percent, rankedMethods, significance } from './measures.js';

const found = {
  board: "of a board's hidden pins",
  user: 'of the pins that were hidden from a person',
  related: 'of the pairs, the other pin',
} as const;

const amongTexts: Readonly<Record<CatalogueName, string>> = {
  all: '',
  cold: 'Among cold pins alone, ',
  'test-cold': 'Among the cold pins of the test alone, ',
};

/** What the figures say, in one or two sentences: the best method, how far it is ahead and whether that is sure. */
export function headline(report: EvaluationReport): string {
  const measure = leadingMeasure(report);
  const k = leadingCut(report);
  const [best, second] = rankedMethods(report, measure);
  if (best === undefined) return 'No method could run.';
  const score = report.methods[best][measure];
  if (score === 0) return `No method finds anything among its first ${k} pins.`;
  const what = found[report.task as keyof typeof found] ?? 'of what was hidden';
  const verb = leadingFamily(report) === 'recall' ? 'find' : 'hold, for';
  const interval = report.intervals[best]?.[measure];
  const range = interval ? ` (95% interval ${percent(interval[0])} to ${percent(interval[1])})` : '';
  const compared = report.comparisons.filter((one) => one.measure === measure);
  const isSure = compared.length > 0 && compared.every(({ p }) => p < surely);
  const among = amongTexts[report.asked.catalogue];
  const place = second === undefined ? '' : isSure ? ' is best' : ' is ahead';
  const first = `${among}${best}${place}: its first ${k} pins ${verb} ${percent(score)}${range} ${what}.`;
  if (second === undefined) return first;
  return `${first} ${lead(report, measure, second, score)}`;
}

function lead(report: EvaluationReport, measure: string, second: string, score: number): string {
  const next = report.methods[second][measure];
  const points = (100 * (score - next)).toFixed(1);
  const said = `${second} comes next with ${percent(next)}, ${points} points less`;
  const compared = report.comparisons.filter((one) => one.measure === measure);
  const against = compared.find(({ other }) => other === second);
  if (!against) return `${said}; with so few cases nobody can say whether that is chance.`;
  if (against.p < surely) return `${said}, and that difference is sure (p\u00a0${equals(against.p)}).`;
  const others = compared.filter(({ other, p }) => other !== second && p >= surely).map(({ other }) => other);
  const also = others.length === 0 ? '' : `, nor is the one to ${others.join(', ')}`;
  return `${said}; that difference is not sure (p\u00a0${equals(against.p)})${also}.`;
}

function equals(p: number): string {
  const text = significance(p);
  return text.startsWith('<') ? text.replace(' ', '\u00a0') : `=\u00a0${text}`;
}
