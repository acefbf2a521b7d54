import { basename, dirname, resolve } from 'node:path';
import { catalogueTexts } from '../catalogue.js';
import { settingsTexts } from '../report.js';
import type { EvaluationReport } from '../evaluate.js';
import { depthOf } from '../judge.js';
import { cutOffChart, dotCharts, exposureCharts, sliceChart } from './charts.js';
import { headline } from './headline.js';
import { type Content, html, Markup, nothing } from './html.js';
import { count, leadingCut } from './measures.js';
import { pageStyle } from './page-style.js';
import { comparisonTables, exposureTable, qualityTable } from './tables.js';

/** What a report does not know of itself: where it came from. */
export interface PageOrigin {
  readonly made: Date;
  /** What repeats it. */
  readonly command: string;
  /** Of the program. */
  readonly version: string;
  /** As they were named: folders and file. */
  readonly graph: string;
  readonly model?: string;
  readonly test: string;
}

const questions: Record<string, { title: string; asked: string }> = {
  board: { title: 'Board completion', asked: 'Which pins, hidden from each board, does a method find again?' },
  user: {
    title: 'Homefeeds',
    asked: 'Which pins that were hidden from people does a method find from those they have?',
  },
  related: { title: 'Related pins', asked: 'Given one pin of a pair that was saved together, where is the other?' },
};

/** The report as one HTML file that loads nothing and runs no script: tables, charts and how to read them. */
export function reportPage(report: EvaluationReport, origin: PageOrigin): string {
  const question = questions[report.task] ?? { title: report.task, asked: '' };
  const title = `${question.title} on ${nameOf(origin.graph)}`;
  const methods = Object.keys(report.methods);
  const { doubt } = report;
  const sections =
    methods.length === 0 ? nothing : html`${figuresSection(report)}${chartsSection(report)}${exposureSection(report)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${new Markup(pageStyle)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <p class="kind">Evaluation · <time datetime="${origin.made.toISOString()}">${dateOf(origin.made)}</time></p>
            <h1>${title}</h1>
            <p class="headline">${headline(report)}</p>
            ${doubt === undefined ? nothing : html`<p>${doubt}</p>`}
          </header>
          ${sections}${skippedSection(report)}${askedSection(report, origin, question.asked)}${readingSection(report)}
          <footer>Made by ${origin.version}. This page loads nothing and runs no script.</footer>
        </main>
      </body>
    </html> `.text;
}

/** A graph folder's own name; one that is just called graph, as in a split, goes by the folder that it lies in. */
function nameOf(graph: string): string {
  const path = resolve(graph);
  return basename(path) === 'graph' ? basename(dirname(path)) : basename(path);
}

function dateOf(made: Date): string {
  return `${made.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function section(id: string, title: string, content: Content): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section> `;
}

function figuresSection(report: EvaluationReport): Markup {
  return html`${section('figures', 'What each method finds', qualityTable(report))}${section('pairs', 'Is the best really better?', comparisonTables(report))}`;
}

function chartsSection(report: EvaluationReport): Markup {
  const cut = leadingCut(report);
  const note = html`<p>
    Dots are means, bars their 95% intervals. Intervals may overlap where the paired comparison above is sure, for it
    sees that both methods met the same cases.
  </p>`;
  const curves = [cutOffChart(report), sliceChart(report, 'known_pins'), sliceChart(report, 'boards_of_test_pins')];
  return html`${section(
    'dots',
    `Every measure at ${cut}`,
    html`${note}
      <div class="charts">${dotCharts(report)}</div>`,
  )}${section('curves', 'Where methods differ', html`<div class="charts three">${curves}</div>`)}`;
}

function exposureSection(report: EvaluationReport): Markup {
  return section(
    'exposure',
    'Whom the lists show',
    html`<div class="charts">${exposureCharts(report)}</div>
      ${exposureTable(report)}`,
  );
}

function skippedSection({ skipped }: EvaluationReport): Markup {
  const entries = Object.entries(skipped);
  if (entries.length === 0) return nothing;
  const items = entries.map(([method, reason]) => html`<li><b>${method}</b>: ${reason}</li>`);
  return section(
    'skipped',
    'Methods left out',
    html`<ul>
      ${items}
    </ul>`,
  );
}

function askedSection(report: EvaluationReport, origin: PageOrigin, asked: string): Markup {
  const { graph_id, model_id, seed, ks, catalogue } = report.asked;
  const facts: [string, Content][] = [
    ['Graph', html`${origin.graph} <code>${graph_id}</code>`],
    ['Model', model_id === null ? 'none' : html`${origin.model ?? ''} <code>${model_id}</code>`],
    ['Test file', origin.test],
    ['Ranked', catalogueTexts[catalogue]],
    ['Cut-offs', ks.join(', ')],
    ['Seed', String(seed)],
    ...Object.entries(report.split).map(([name, value]): [string, Content] => [sentence(name), count(value)]),
    ...settingsTexts(report).map(([name, text]): [string, Content] => [`Settings of ${name}`, text]),
    ['Program', origin.version],
  ];
  return section(
    'asked',
    'What was asked',
    html`<p>${asked}</p>
      <dl>
        ${facts.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      <p>The same again:</p>
      <pre tabindex="0"><code>${origin.command}</code></pre>`,
  );
}

function sentence(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function readingSection({ task, asked }: EvaluationReport): Markup {
  const depth = depthOf({ task, ks: asked.ks });
  const first =
    task === 'related'
      ? html`<li>
          <b>Hit rate@k</b>: share of the pairs whose other pin is among the first k. <b>Scaled MRR</b>: mean of 1 /
          ⌈rank / 100⌉ among the first ${count(depth)}; a pin below them counts as the last of the catalogue.
        </li>`
      : html`<li>
            <b>Recall@k</b>: share of a case's hidden pins that are among the first k of its list, averaged over the
            cases.
          </li>
          <li><b>NDCG@k</b>: the same with more weight for higher ranks; 1 is a list with every hidden pin on top.</li>
          <li>
            <b>Hit rate@k</b>: share of the cases with any hidden pin among the first k. <b>MRR</b>: mean of 1 / rank of
            the first, 0 where it is not among the first ${count(depth)}, the deepest k.
          </li>`;
  return section(
    'reading',
    'How to read this',
    html`<ul>
      ${first}
      <li>
        <b>95% interval</b>: where the mean, or the difference, would lie on other cases of the same kind. It says
        nothing of other data, nor of another seed of training.
      </li>
      <li>
        <b>Sure</b>: p below .05 when it is corrected, after Holm, for all the methods that the best one is compared
        with: among many comparisons some differ by chance. Intervals are not corrected, so one may leave out 0 where
        the difference is not sure.
      </li>
      <li>
        <b>Coverage@k</b>: share of the catalogue that is in any list. <b>Log popularity@k</b>: mean of log(1 + boards)
        of the pins shown. <b>Head share@k</b>: share of the places that the most popular tenth of the pins takes.
        <b>Gini@k</b>: 0 where all pins are shown alike, 1 where one alone is.
      </li>
      <li>
        Hidden pins are what people did save: a method that finds better ones that nobody saw is not paid for it here.
      </li>
    </ul>`,
  );
}
