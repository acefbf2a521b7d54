import { element } from './dom.js';
import { loadPlot } from './vendor.js';

/** Columns that count rather than measure. */
const axes = new Set(['epoch', 'step', 'steps']);

/** What a reader looks for first. */
const leading = ['loss', 'hit_rate'];

/** Up to six ticks, each on an epoch that there was. */
function wholeEpochs(all: readonly number[]): number[] {
  const step = Math.ceil(all.length / 6);
  return all.filter((_epoch, index) => index % step === 0);
}

const plain = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, notation: 'compact' });

/** 342 MB or 1.41 GB. */
function bytes(value: number): string {
  const [size, unit] = value < 1e9 ? [1e6, 'megabyte'] : [1e9, 'gigabyte'];
  const format = new Intl.NumberFormat('en-US', { style: 'unit', unit, maximumSignificantDigits: 3 });
  return format.format(value / size);
}

/** 0.0512, 1,234 or 342K; memory in bytes. */
function brief(value: number, name: string): string {
  return name === 'memory' ? bytes(value) : (Math.abs(value) >= 1e5 ? compact : plain).format(value);
}

/** The first epoch over the whole graph: nothing was hidden any more to judge it by. */
export function firstWholeEpoch(epochs: readonly Record<string, number>[]): number | undefined {
  const judged = epochs.findLastIndex((row) => row.hit_rate !== undefined);
  return judged < 0 ? undefined : epochs[judged + 1]?.epoch;
}

/** One small chart a figure, over the epochs, each on its own scale. */
export async function trainingCurves(
  frame: HTMLElement,
  epochs: readonly Record<string, number>[],
  signal: AbortSignal,
): Promise<void> {
  const measured = [...new Set(epochs.flatMap(Object.keys))].filter((name) => !axes.has(name));
  const names = [
    ...leading.filter((name) => measured.includes(name)),
    ...measured.filter((name) => !leading.includes(name)),
  ];
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
        element('strong', {}, last === undefined ? '' : brief(last, name)),
      ),
      chart,
    );
    return { name, figure, chart };
  });
  frame.replaceChildren(...figures.map(({ figure }) => figure));
  const plot = await loadPlot();
  if (signal.aborted) return;
  const numbers = epochs.map(({ epoch }, index) => epoch ?? index + 1);
  const whole = firstWholeEpoch(epochs);

  const draw = (): void => {
    for (const { name, chart } of figures) {
      const rows = epochs.flatMap((row, index) =>
        row[name] === undefined ? [] : [{ epoch: numbers[index], value: row[name] }],
      );
      chart.replaceChildren(
        plot.plot({
          className: 'chart',
          width: Math.max(chart.clientWidth, 200),
          height: 170,
          marginLeft: 54,
          marginBottom: 30,
          ariaLabel: `${name} by epoch`,
          x: {
            label: 'epoch',
            domain: [numbers[0], numbers[numbers.length - 1]],
            ticks: wholeEpochs(numbers),
            tickFormat: 'd',
          },
          y: { label: null, ticks: 4, tickFormat: (value: number) => brief(value, name), grid: true, nice: true },
          marks: [
            plot.ruleX(whole === undefined ? [] : [whole - 0.5], { stroke: 'var(--ink-soft)', strokeDasharray: '3 3' }),
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
