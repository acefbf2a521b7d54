import type { Training } from './api-types.js';
import { element } from './dom.js';

const ours = 'recommender';

function shown(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(value >= 10 ? 1 : 4);
}

/** Methods by metrics, best first by the first metric; each cell's bar is its share of the column's best. */
export function comparison({ task, methods }: NonNullable<Training['evaluation']>): HTMLElement {
  const metrics = [...new Set(Object.values(methods).flatMap(Object.keys))];
  const [first = ''] = metrics;
  const best = new Map(
    metrics.map((metric) => [metric, Math.max(...Object.values(methods).map((row) => row[metric] ?? 0))]),
  );
  const rows = Object.entries(methods).sort(([, a], [, b]) => (b[first] ?? 0) - (a[first] ?? 0));
  const cell = (metric: string, value: number | undefined): HTMLElement => {
    const greatest = best.get(metric) ?? 0;
    const made = element('td', { className: value !== undefined && value === greatest ? 'best' : '' }, shown(value));
    made.style.setProperty('--share', String(value !== undefined && greatest > 0 ? value / greatest : 0));
    return made;
  };
  return element(
    'div',
    { className: 'table-frame', tabIndex: 0, attributes: { role: 'region', 'aria-label': 'Comparison of methods' } },
    element(
      'table',
      {},
      element('caption', {}, `Task: ${task}. Held-out data, whole catalogue ranked; higher is better.`),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'method'),
          ...metrics.map((metric) => element('th', { scope: 'col', className: 'figure' }, metric)),
        ),
      ),
      element(
        'tbody',
        {},
        ...rows.map(([method, row]) =>
          element(
            'tr',
            { className: method === ours ? 'ours' : '' },
            element('th', { scope: 'row' }, method),
            ...metrics.map((metric) => cell(metric, row[metric])),
          ),
        ),
      ),
    ),
  );
}
