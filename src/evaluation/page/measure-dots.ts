import * as Plot from '@observablehq/plot';
import type { EvaluationReport } from '../evaluate.js';
import { characterWidth, colourOf, drawn } from './drawing.js';
import type { Markup } from './html.js';
import { figure, measureLabel, rankedMethods } from './measures.js';

/** One measure: a dot a method with its 95% interval, best on top. */
export function measureDots(report: EvaluationReport, measure: string): Markup {
  const rows = rankedMethods(report, measure).map((method) => {
    const value = report.methods[method][measure];
    const [low, high] = report.intervals[method]?.[measure] ?? [value, value];
    return { method, value, low, high, colour: colourOf(method) };
  });
  const longest = Math.max(...rows.map(({ method }) => method.length));
  return drawn(
    `${measureLabel(report, measure)} by method, best first: ${rows.map(({ method, value }) => `${method} ${figure(value)}`).join(', ')}.`,
    {
      height: 26 * rows.length + 34,
      marginTop: 2,
      marginBottom: 30,
      marginLeft: Math.min(170, 16 + characterWidth * longest),
      marginRight: 60,
      x: { domain: [0, Math.max(...rows.map(({ high }) => high)) || 1], nice: true, ticks: 5, label: null },
      y: { domain: rows.map(({ method }) => method), label: null, tickSize: 0 },
      marks: [
        Plot.gridX({ ticks: 5, strokeOpacity: 0.14 }),
        Plot.ruleY(rows, { y: 'method', x1: 'low', x2: 'high', stroke: 'colour', strokeWidth: 7, strokeOpacity: 0.32 }),
        Plot.dot(rows, { y: 'method', x: 'value', fill: 'colour', r: 4.5 }),
        Plot.text(rows, {
          y: 'method',
          text: ({ value }: { value: number }) => figure(value),
          frameAnchor: 'right',
          textAnchor: 'start',
          dx: 8,
          fontVariant: 'tabular-nums',
        }),
      ],
    },
  );
}
