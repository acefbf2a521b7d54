import type { Outcome } from './trial.js';
import type { Variant } from './variants.js';

/** Mean and standard deviation over seeds; the deviation of a single seed is not known. */
export interface Summary {
  readonly mean: number;
  readonly deviation?: number;
}

export function summaryOf(values: readonly number[]): Summary {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean };
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(square / (values.length - 1)) };
}

function shown({ mean, deviation }: Summary): string {
  const digits = (value: number): string => value.toFixed(3).replace(/^0/, '');
  return deviation === undefined ? digits(mean) : `${digits(mean)} ± ${digits(deviation)}`;
}

/** A Markdown table: a row a variant, the paper's hit rate beside it, then the wanted figures. */
export function ablationTable(
  variants: readonly Variant[],
  outcomes: Readonly<Record<string, readonly Outcome[]>>,
  columns: readonly string[],
): string {
  const rows = variants.flatMap(({ name, paper }) => {
    const tried = outcomes[name];
    if (tried === undefined || tried.length === 0) return [];
    const cells = columns.map((column) => shown(summaryOf(tried.map(({ figures }) => figures[column]))));
    const seconds = summaryOf(tried.map(({ cpuSeconds }) => cpuSeconds)).mean;
    return [[name, paper === undefined ? '' : `${paper}%`, ...cells, seconds.toFixed(0)]];
  });
  const head = ['variant', 'paper', ...columns, 'CPU s'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
