import { element } from './dom.js';
import { loadPlot } from './vendor.js';

/** Columns that count rather than measure. */
const axes = new Set(['epoch', 'step', 'steps']);

/** One small chart a figure, over the epochs, each on its own scale. */
export async function trainingCurves(
  frame: HTMLElement,
  epochs: readonly Record<string, number>[],
  signal: AbortSignal,
): Promise<void> {
  const names = [...new Set(epochs.flatMap(Object.keys))].filter((name) => !axes.has(name));
  const figures = names.map((name) => {
    const last = epochs.findLast((row) => row[name] !== undefined)?.[name];
    const chart = element('div', { className: 'curve-chart' });
    const figure = element(
      'figure',
      { className: 'curve' },
      element(
        'figcaption',
        {},
        element('span', {}, name.replaceAll('_', ' ')),
        element('strong', {}, last === undefined ? '' : last.toLocaleString('en-US', { maximumSignificantDigits: 4 })),
      ),
      chart,
    );
    return { name, figure, chart };
  });
  frame.replaceChildren(...figures.map(({ figure }) => figure));
  const plot = await loadPlot();
  if (signal.aborted) return;

  const draw = (): void => {
    for (const { name, chart } of figures) {
      const rows = epochs.flatMap((row, index) =>
        row[name] === undefined ? [] : [{ epoch: row.epoch ?? index + 1, value: row[name] }],
      );
      chart.replaceChildren(
        plot.plot({
          className: 'chart',
          width: Math.max(chart.clientWidth, 200),
          height: 170,
          marginLeft: 54,
          marginBottom: 30,
          ariaLabel: `${name} by epoch`,
          x: { label: 'epoch', ticks: Math.min(rows.length, 6), tickFormat: 'd' },
          y: { label: null, ticks: 4, grid: true, nice: true },
          marks: [
            plot.lineY(rows, { x: 'epoch', y: 'value', stroke: 'var(--accent)', strokeWidth: 2, curve: 'monotone-x' }),
            plot.dot(rows.slice(-1), { x: 'epoch', y: 'value', fill: 'var(--accent)', r: 3.5 }),
          ],
        }),
      );
    }
  };
  const observer = new ResizeObserver(draw);
  observer.observe(frame);
  signal.addEventListener('abort', () => observer.disconnect());
}
