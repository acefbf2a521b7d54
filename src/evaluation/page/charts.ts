import type { EvaluationReport } from '../evaluate.js';
import type { Slice, SliceKey } from '../slices.js';
import { type Content, html, type Markup, nothing } from './html.js';
import { measureDots } from './measure-dots.js';
import {
  count,
  familyOf,
  leadingCut,
  leadingFamily,
  leadingMeasure,
  measureLabel,
  measuresOf,
  percent,
  rankedMethods,
} from './measures.js';
import { methodLines } from './method-lines.js';
import { qualityScatter } from './quality-scatter.js';

function figureOf(title: Content, chart: Markup, note: Content = nothing): Markup {
  return html`<figure>
    <figcaption><b>${title}</b> ${note}</figcaption>
    ${chart}
  </figure> `;
}

/** Every measure at the leading cut-off. */
export function dotCharts(report: EvaluationReport): readonly Markup[] {
  const cut = leadingCut(report);
  return measuresOf(report, 'quality')
    .filter((measure) => [undefined, cut].includes(familyOf(measure).k))
    .map((measure) => figureOf(measureLabel(report, measure), measureDots(report, measure)));
}

/** The leading family against the cut-off; nothing where there is one cut-off alone. */
export function cutOffChart(report: EvaluationReport): Markup {
  const { ks } = report.asked;
  if (ks.length < 2) return nothing;
  const family = leadingFamily(report);
  const name = measureLabel(report, family);
  const lines = rankedMethods(report, `${family}@${ks[ks.length - 1]}`).map((method) => ({
    method,
    values: ks.map((k) => report.methods[method][`${family}@${k}`]),
    intervals: ks.map((k) => report.intervals[method]?.[`${family}@${k}`]),
  }));
  const chart = methodLines(lines, {
    x: 'cut-off k',
    y: name,
    ticks: ks.map(String),
    positions: ks.map(Math.log),
    label: `${name} against the cut-off. ${lines
      .map(({ method, values }) => `${method}: ${values.map((value, i) => `${percent(value)} at ${ks[i]}`).join(', ')}`)
      .join('; ')}.`,
  });
  return figureOf(`${name} by cut-off`, chart, 'The longer a list, the more it finds. Bars are 95% intervals.');
}

/** Quality beside what the lists show, so that nobody mistakes a method that shows everyone the same for a good one. */
export function exposureCharts(report: EvaluationReport): readonly Markup[] {
  const cut = leadingCut(report);
  const measure = leadingMeasure(report);
  const shared = { measure, y: measureLabel(report, measure) };
  const said = (name: string, of: (figures: Readonly<Record<string, number>>) => string): string =>
    `${shared.y} against ${name}. ${Object.entries(report.methods)
      .map(([method, figures]) => `${method}: ${percent(figures[measure])} and ${of(figures)}`)
      .join('; ')}.`;
  const coverage = (figures: Readonly<Record<string, number>>): number => figures[`coverage@${cut}`];
  // The mean of log(1 + boards) says more drawn as it is; people read it turned back into boards.
  const popularity = (figures: Readonly<Record<string, number>>): number => figures[`log_popularity@${cut}`];
  const each = Object.values(report.methods);
  const byCoverage = figureOf(
    'Finding against coverage',
    qualityScatter(report, {
      ...shared,
      x: `share of the catalogue in any list (coverage@${cut})`,
      valueOf: coverage,
      ticks: evenTicks(Math.max(...each.map(coverage))),
      tickFormat: (value) => `${Number((100 * value).toPrecision(3))}%`,
      label: said('coverage', (figures) => percent(coverage(figures))),
    }),
    'To the right: lists that differ from board to board.',
  );
  // Cold pins are on no board: there is no popularity to show.
  if (each.some((figures) => popularity(figures) === undefined)) return [byCoverage];
  const byPopularity = figureOf(
    'Finding against popularity',
    qualityScatter(report, {
      ...shared,
      x: `boards of a pin shown, geometric mean @${cut}`,
      valueOf: popularity,
      ticks: boardTicks(Math.max(...each.map(popularity))),
      tickFormat: (value) => count(Math.round(Math.expm1(value))),
      label: said('the popularity of what is shown', (of) => `${Math.expm1(popularity(of)).toFixed(1)} boards`),
    }),
    'To the right: lists of what is popular anyway.',
  );
  return [byCoverage, byPopularity];
}

/** Up to six even steps of a round size from 0, the last no less than `most`, a share. */
function evenTicks(most: number): number[] {
  const step = [0.0001, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((size) => most <= 5 * size) ?? 1;
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, i) => i * step);
}

/** log(1 + boards) at round numbers of boards, the last no less than `most`. */
function boardTicks(most: number): number[] {
  const ticks = [0, 1];
  for (let boards = 3; Math.log1p(ticks[ticks.length - 1]) < most; boards = nextTick(boards)) ticks.push(boards);
  return ticks.map(Math.log1p);
}

/** 1, 3, 10, 30, … */
function nextTick(boards: number): number {
  const power = 10 ** Math.floor(Math.log10(boards));
  return boards === power ? 3 * power : 10 * power;
}

const sliceTitles: Record<SliceKey, { title: string; x: string; note: string }> = {
  known_pins: {
    title: 'By how much is known',
    x: 'known pins of the board or person',
    note: 'Cases in parts of about equal number (n).',
  },
  boards_of_test_pins: {
    title: 'By how popular the hidden pins are',
    x: 'boards of a hidden pin, mean of the case',
    note: 'Cases in parts of about equal number (n). A method that lives on popularity rises steeply.',
  },
};

/** The leading measure over cases that are alike. */
export function sliceChart(report: EvaluationReport, by: SliceKey): Markup {
  const slices = report.slices.filter((slice) => slice.by === by);
  if (slices.length === 0) return nothing;
  const measure = leadingMeasure(report);
  const { title, x, note } = sliceTitles[by];
  const last = slices[slices.length - 1].methods;
  const lines = Object.keys(report.methods)
    .sort((a, b) => last[b][measure] - last[a][measure])
    .map((method) => ({ method, values: slices.map(({ methods }) => methods[method][measure]) }));
  const label = `${measureLabel(report, measure)} by ${x}. ${slices
    .map(
      (slice) =>
        `${rangeOf(slice)}: ${lines.map(({ method }) => `${method} ${percent(slice.methods[method][measure])}`).join(', ')}`,
    )
    .join('; ')}.`;
  const ticks = slices.map((slice) => `${rangeOf(slice)}\nn ${count(slice.cases)}`);
  return figureOf(title, methodLines(lines, { x, y: measureLabel(report, measure), ticks, label }), note);
}

function rangeOf({ from, to }: Slice): string {
  const shown = (value: number): string =>
    Number.isInteger(value) || value >= 10 ? count(Math.round(value)) : value.toFixed(1);
  return shown(from) === shown(to) ? shown(from) : `${shown(from)}–${shown(to)}`;
}
