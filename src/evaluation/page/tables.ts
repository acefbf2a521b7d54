import type { EvaluationReport } from '../evaluate.js';
import { surely, tiedWithBest } from '../report.js';
import { colourOf } from './drawing.js';
import { html, type Markup, nothing } from './html.js';
import {
  count,
  familyOf,
  figure,
  leadingMeasure,
  measureLabel,
  measuresOf,
  rankedMethods,
  short,
  significance,
} from './measures.js';

/** A table in a frame that scrolls sideways where the page is narrow. */
function table(caption: string, columns: readonly string[], rows: readonly Markup[]): Markup {
  return html`<div class="frame" role="region" tabindex="0" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function methodCell(method: string): Markup {
  return html`<th scope="row"><i class="swatch" style="background:${colourOf(method)}"></i>${method}</th>`;
}

/** What each method finds, with intervals; the best of each column is marked, and what is not surely worse. */
export function qualityTable(report: EvaluationReport): Markup {
  const { methods, intervals, seconds } = report;
  const measures = measuresOf(report, 'quality');
  const best = new Map(measures.map((measure) => [measure, rankedMethods(report, measure)[0]]));
  const tied = new Map(measures.map((measure) => [measure, tiedWithBest(report, measure)]));
  const cell = (method: string, measure: string): Markup => {
    const value = methods[method][measure];
    const range = intervals[method]?.[measure];
    const isBest = value > 0 && value === methods[best.get(measure)!][measure];
    const isTied = value > 0 && !isBest && tied.get(measure)!.has(method);
    const mark = isBest
      ? html` <b title="best">★</b>`
      : isTied
        ? html` <b title="not surely worse than the best">~</b>`
        : nothing;
    const kind = isBest ? 'best' : isTied ? 'tied' : '';
    const between = range ? html`<small>${short(range[0])}–${short(range[1])}</small>` : nothing;
    return html`<td class="${kind}" data-measure="${measure}">${figure(value)}${mark}${between}</td>`;
  };
  const rows = rankedMethods(report, leadingMeasure(report)).map(
    (method) =>
      html`<tr data-method="${method}">
        ${methodCell(method)}${measures.map((measure) => cell(method, measure))}
        <td>${seconds[method].toFixed(1)}</td>
      </tr> `,
  );
  return html`${table(`Means over ${count(report.split.cases)} cases`, ['method', ...measures.map((measure) => measureLabel(report, measure)), 'seconds'], rows)}
    <p class="note">
      Means over the cases with 95% bootstrap intervals. <b>★</b> best of its column, <b>~</b> not surely worse (paired
      bootstrap, corrected after Holm, p ≥ .05). Seconds: ranking and judging, without fitting.
    </p>`;
}

/** What the lists of each method show, of which no value is the best. */
export function exposureTable(report: EvaluationReport): Markup {
  const measures = measuresOf(report, 'exposure');
  const rows = rankedMethods(report, leadingMeasure(report)).map(
    (method) =>
      html`<tr data-method="${method}">
        ${methodCell(method)}${measures.map(
          (measure) => html`<td data-measure="${measure}">${figure(report.methods[method][measure])}</td>`,
        )}
      </tr> `,
  );
  return html`${table('The first k pins of every list', ['method', ...measures.map((measure) => measureLabel(report, measure))], rows)}
    <p class="note">No value is the best here: they tell whom a method takes notice of.</p>`;
}

/** The best method of a measure against each other. */
function comparisonTable(report: EvaluationReport, measure: string): Markup {
  const rows = report.comparisons
    .filter((one) => one.measure === measure)
    .sort((a, b) => a.difference - b.difference)
    .map(
      ({ best, other, difference, interval, p }) =>
        html`<tr data-measure="${measure}" data-other="${other}">
          <th scope="row">${best} – ${other}</th>
          <td>${figure(difference)}</td>
          <td>${figure(interval[0])} to ${figure(interval[1])}</td>
          <td>${significance(p)}</td>
          <td>${p < surely ? 'yes' : 'no'}</td>
        </tr> `,
    );
  return table(
    `By ${measureLabel(report, measure)}, over the same cases`,
    ['pair', 'difference', '95% interval', 'p after Holm', 'sure'],
    rows,
  );
}

/** Comparisons by the leading measure, and behind a fold by every other. */
export function comparisonTables(report: EvaluationReport): Markup {
  if (report.comparisons.length === 0)
    return html`<p>There is nothing to compare: that takes two methods and two cases.</p>`;
  const leading = leadingMeasure(report);
  const others = measuresOf(report, 'quality').filter((measure) => measure !== leading);
  const same = others.filter((measure) => familyOf(measure).family === familyOf(leading).family);
  const ordered = [...same, ...others.filter((measure) => !same.includes(measure))];
  return html`${comparisonTable(report, leading)}
    <details>
      <summary>The same by ${ordered.length} other measures</summary>
      <div class="pairs">${ordered.map((measure) => comparisonTable(report, measure))}</div>
    </details>`;
}
