import * as Plot from '@observablehq/plot';
import { characterWidth, chartWidth, colourOf, drawn, lineHeight } from './drawing.js';
import type { Markup } from './html.js';
import { spread } from './labels.js';

export interface MethodLine {
  readonly method: string;
  /** One value for each place on the horizontal axis. */
  readonly values: readonly number[];
  /** Intervals at the same places, where they are known. */
  readonly intervals?: readonly (readonly [low: number, high: number] | undefined)[];
}

export interface MethodLinesOptions {
  /** What the axes show. */
  readonly x: string;
  readonly y: string;
  /** Places on the horizontal axis, as they are labelled. */
  readonly ticks: readonly string[];
  /** Where the places lie, if not evenly. */
  readonly positions?: readonly number[];
  readonly label: string;
}

const height = 320;
const [marginTop, marginBottom, marginLeft] = [28, 60, 50];

/** A line a method, named at its end. */
export function methodLines(lines: readonly MethodLine[], options: MethodLinesOptions): Markup {
  const { ticks, positions = ticks.map((_, i) => i) } = options;
  const rows = lines.flatMap(({ method, values, intervals }) =>
    values.map((value, i) => {
      const [low, high] = intervals?.[i] ?? [value, value];
      return { method, x: positions[i], value, low, high, colour: colourOf(method) };
    }),
  );
  const most = Math.max(...rows.map(({ high }) => high)) || 1;
  const y = { domain: [0, most], range: [height - marginBottom, marginTop] };
  const toPixel = Plot.scale({ y }).apply;
  const ends = spread(
    lines.map(({ values }) => toPixel(values[values.length - 1])),
    lineHeight,
    marginTop,
    height - marginBottom,
  );
  const last = positions[positions.length - 1];
  const names = lines.map(({ method, values }, i) => ({
    method,
    end: last,
    value: values[values.length - 1],
    y: ends[i],
    colour: colourOf(method),
  }));
  const room = 20 + 1.06 * characterWidth * Math.max(...lines.map(({ method }) => method.length));
  return drawn(options.label, {
    height,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight: Math.min(room, chartWidth / 2.5),
    x: { domain: [positions[0], last], label: null, inset: 10 },
    y: { ...y, label: options.y, ticks: 5, grid: true },
    marks: [
      Plot.axisX([...positions], {
        tickFormat: (_: number, i: number) => ticks[i],
        label: options.x,
        labelAnchor: 'center',
        labelArrow: 'none',
        lineHeight: 1.15,
      }),
      Plot.ruleX(rows, { x: 'x', y1: 'low', y2: 'high', stroke: 'colour', strokeWidth: 5, strokeOpacity: 0.25 }),
      Plot.line(rows, { x: 'x', y: 'value', z: 'method', stroke: 'colour', strokeWidth: 1.8 }),
      Plot.dot(rows, { x: 'x', y: 'value', fill: 'colour', r: 2.8 }),
      names.map((name) =>
        Plot.text([name], {
          x: 'end',
          y: 'value',
          text: 'method',
          textAnchor: 'start',
          dx: 12,
          dy: name.y - toPixel(name.value),
          fill: name.colour,
          fontWeight: 600,
        }),
      ),
    ],
  });
}
