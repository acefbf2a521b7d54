import type { EvaluationReport } from './evaluate.js';

/** The report as a table for people: one row a method, the best figure of each column marked with a star. */
export function reportTable({ methods, skipped, split, seconds }: EvaluationReport): string {
  const names = Object.keys(methods);
  const columns = names.length > 0 ? Object.keys(methods[names[0]]) : [];
  const best = new Map(columns.map((column) => [column, Math.max(...names.map((name) => methods[name][column]))]));
  const cell = (name: string, column: string): string => {
    const value = methods[name][column];
    return `${value.toFixed(4)}${value > 0 && value === best.get(column) ? '*' : ' '}`;
  };
  const rows = [
    ['method', ...columns.map((column) => `${column} `), 'seconds'],
    ...names.map((name) =>
      [name].concat(
        columns.map((column) => cell(name, column)),
        seconds[name].toFixed(1),
      ),
    ),
  ];
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  const lines = rows.map((row) =>
    row.map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c]))).join('  '),
  );
  const facts = Object.entries(split).map(
    ([name, count]) => `${name.replaceAll('_', ' ')} ${count.toLocaleString('en-US')}`,
  );
  return [
    facts.join(', '),
    '',
    ...lines,
    '',
    '* best in its column',
    ...Object.entries(skipped).map(([name, reason]) => `skipped ${name}: ${reason}`),
    '',
  ].join('\n');
}
