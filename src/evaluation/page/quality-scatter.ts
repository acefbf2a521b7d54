import * as Plot from '@observablehq/plot';
import type { EvaluationReport } from '../evaluate.js';
import { characterWidth, chartWidth, colourOf, drawn, lineHeight } from './drawing.js';
import type { Markup } from './html.js';
import { needsLeader, placeLabels } from './labels.js';

const height = 300;
const [marginTop, marginBottom, marginLeft, marginRight] = [28, 48, 50, 16];

export interface QualityScatterOptions {
  /** The measure of quality and what its axis says. */
  readonly measure: string;
  readonly y: string;
  readonly x: string;
  readonly valueOf: (method: Readonly<Record<string, number>>) => number;
  readonly ticks: readonly number[];
  readonly tickFormat: (value: number) => string;
  readonly label: string;
}

/** Quality against what the lists show: a named dot a method. */
export function qualityScatter({ methods }: EvaluationReport, options: QualityScatterOptions): Markup {
  const dots = Object.entries(methods).map(([method, figures]) => ({
    method,
    x: options.valueOf(figures),
    y: figures[options.measure],
    colour: colourOf(method),
  }));
  const x = { domain: [0, options.ticks[options.ticks.length - 1]], range: [marginLeft, chartWidth - marginRight] };
  const y = {
    domain: [0, (Math.max(...dots.map((dot) => dot.y)) || 1) * 1.08],
    range: [height - marginBottom, marginTop],
  };
  const [across, up] = [Plot.scale({ x }), Plot.scale({ y })];
  const places = placeLabels(
    dots.map((dot) => ({ x: across.apply(dot.x), y: up.apply(dot.y) })),
    dots.map(({ method }) => characterWidth * 1.05 * method.length),
    lineHeight,
    { left: marginLeft, right: chartWidth, top: 0, bottom: height - marginBottom },
  );
  const leaders = dots.flatMap((dot, i) => {
    if (!needsLeader(places[i])) return [];
    const { dx, dy } = places[i];
    const end = { x: across.apply(dot.x) + 0.8 * dx, y: up.apply(dot.y) + dy };
    return [{ ...dot, toX: across.invert?.(end.x), toY: up.invert?.(end.y) }];
  });
  return drawn(options.label, {
    height,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    x: {
      ...x,
      label: options.x,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: [...options.ticks],
      tickFormat: options.tickFormat,
      grid: true,
    },
    y: { ...y, label: options.y, ticks: 5, grid: true },
    marks: [
      Plot.link(leaders, { x1: 'x', y1: 'y', x2: 'toX', y2: 'toY', stroke: 'colour', strokeOpacity: 0.6 }),
      Plot.dot(dots, { x: 'x', y: 'y', fill: 'colour', r: 5 }),
      dots.map((dot, i) =>
        Plot.text([dot], {
          x: 'x',
          y: 'y',
          text: 'method',
          textAnchor: places[i].anchor,
          dx: places[i].dx,
          dy: places[i].dy,
          fill: dot.colour,
          fontWeight: 600,
        }),
      ),
    ],
  });
}
