import type { EvaluationReport } from './evaluate.js';

/** Measures of whom the lists show, of which no value is the best. */
const exposureMeasures = ['log_popularity', 'head_share', 'gini'];

/** Whether a measure says how good lists are, or what they show. */
export function isExposure(measure: string): boolean {
  return [...exposureMeasures, 'coverage'].some((name) => measure.startsWith(`${name}@`));
}

/** Differences less sure than this are not called differences. */
export const surely = 0.05;

/** Methods that a measure's best is not surely better than. */
export function tiedWithBest({ comparisons }: EvaluationReport, measure: string): Set<string> {
  return new Set(comparisons.filter((one) => one.measure === measure && one.p >= surely).map(({ other }) => other));
}

/** The report as tables for people: what the methods find, then what they show; one row a method. */
export function reportTable(report: EvaluationReport): string {
  const { methods, skipped, split, seconds, doubt } = report;
  const names = Object.keys(methods);
  const columns = names.length > 0 ? Object.keys(methods[names[0]]) : [];
  const facts = Object.entries(split).map(
    ([name, count]) => `${name.replaceAll('_', ' ')} ${count.toLocaleString('en-US')}`,
  );
  const mark = (name: string, column: string): string => {
    if (isExposure(column)) return '';
    const best = Math.max(...names.map((other) => methods[other][column]));
    const value = methods[name][column];
    if (value > 0 && value === best) return '*';
    return value > 0 && tiedWithBest(report, column).has(name) ? '~' : ' ';
  };
  const table = (shown: readonly string[], last: string, lastOf: (name: string) => string): string[] =>
    aligned([
      ['method', ...shown.map((column) => (isExposure(column) ? column : `${column} `)), last],
      ...names.map((name) => [
        name,
        ...shown.map((column) => `${methods[name][column].toFixed(4)}${mark(name, column)}`),
        lastOf(name),
      ]),
    ]);
  return [
    facts.join(', '),
    ...(doubt === undefined ? [] : [doubt]),
    '',
    ...table(
      columns.filter((column) => !isExposure(column)),
      'seconds',
      (name) => seconds[name].toFixed(1),
    ),
    '',
    '* best in its column; ~ not surely worse: a paired bootstrap over the cases, corrected after Holm, has p ≥ .05',
    ...(report.task === 'related' ? ['mrr counts hundreds of places, as for PinSage: 1 / ⌈rank / 100⌉'] : []),
    '',
    ...table(columns.filter(isExposure), '', () => ''),
    ...settingsTexts(report).map(([name, text]) => `settings of ${name}: ${text}`),
    ...Object.entries(skipped).map(([name, reason]) => `skipped ${name}: ${reason}`),
    '',
  ].join('\n');
}

/** Method → the settings that it stood with, in words. */
export function settingsTexts({ settings = {} }: Pick<EvaluationReport, 'settings'>): [string, string][] {
  return Object.entries(settings).map(([name, values]) => [
    name,
    Object.entries(values)
      .map(([setting, value]) => `${setting} ${String(value)}`)
      .join(', '),
  ]);
}

/** Rows of text in columns, the first to the left and the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row
      .map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c])))
      .join('  ')
      .trimEnd(),
  );
}
