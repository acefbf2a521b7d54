import { DOMParser, type Document, type Element } from '@xmldom/xmldom';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate, type EvaluationReport } from '../../../src/evaluation/evaluate.js';
import { methodNames, parseMethods } from '../../../src/evaluation/methods.js';
import { colourOf } from '../../../src/evaluation/page/drawing.js';
import { type PageOrigin, reportPage } from '../../../src/evaluation/page/report-page.js';
import { boardTask } from '../../../src/evaluation/tasks.js';
import { withoutEdges } from '../../../src/graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../../../src/graph/split.js';
import { smallGraph } from '../../candidates/small-graph.js';

const origin: PageOrigin = {
  made: new Date('2026-01-02T03:04:05Z'),
  command: 'boardwalk evaluate --graph graphs/small --test test.tsv',
  version: 'boardwalk 0.0.0',
  graph: 'graphs/small',
  test: 'test.tsv',
};

/** Throws where the page is not well formed. */
function parsed(page: string): Document {
  const strict = (level: string, message: string): void => {
    throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError: strict }).parseFromString(page.replace('<!doctype html>', ''), 'text/html');
}

const all = (from: Document | Element, tag: string): Element[] => Array.from(from.getElementsByTagName(tag));

let report: EvaluationReport;
let page: string;
let document: Document;
beforeAll(async () => {
  const whole = smallGraph(80, 60, 5);
  const mask = holdOutEdges(whole, { seed: 2, minimumPins: 3 });
  const hidden = heldOutPairs(whole, mask);
  const graph = withoutEdges(whole, mask);
  const task = boardTask(graph, {
    from: Array.from(hidden.boards, (board) => whole.boards.id(board)),
    pins: Array.from(hidden.pins, (pin) => whole.pins.id(pin)),
  });
  const methods = parseMethods('popularity,content,itemknn,rp3beta,recommender');
  report = await evaluate(graph, task, { threads: 0, methods, ks: [5, 20] });
  page = reportPage(report, origin);
  document = parsed(page);
});

describe('the page of a report', () => {
  it('has every figure and interval of the report in a table, beside its method and measure', () => {
    const found = new Map<string, string>();
    for (const row of all(document, 'tr').filter((one) => one.hasAttribute('data-method')))
      for (const cell of all(row, 'td').filter((one) => one.hasAttribute('data-measure')))
        found.set(`${row.getAttribute('data-method')} ${cell.getAttribute('data-measure')}`, cell.textContent!);
    let count = 0;
    for (const [method, figures] of Object.entries(report.methods))
      for (const [measure, value] of Object.entries(figures)) {
        const text = found.get(`${method} ${measure}`)!;
        expect(text.slice(0, 6), `${method} ${measure}`).toBe(value.toFixed(4));
        const interval = report.intervals[method][measure];
        if (interval) expect(text).toContain(interval.map((end) => end.toFixed(3)).join('–'));
        count++;
      }
    expect(found.size).toBe(count);
  });

  it('marks the best of each measure, and what is not surely worse', () => {
    for (const cell of all(document, 'td').filter((one) => one.hasAttribute('data-measure'))) {
      const measure = cell.getAttribute('data-measure')!;
      if (measure.startsWith('coverage') || !cell.hasAttribute('class')) continue;
      const method = (cell.parentNode as Element).getAttribute('data-method')!;
      const value = report.methods[method][measure];
      const best = Math.max(...Object.values(report.methods).map((figures) => figures[measure]));
      expect(cell.textContent!.includes('★'), `${method} ${measure}`).toBe(value === best);
      const compared = report.comparisons.find((one) => one.measure === measure && one.other === method);
      if (value !== best) expect(cell.textContent!.includes('~')).toBe(compared!.p >= 0.05);
    }
  });

  it('calls the MRR of related pins scaled, and that of boards not', () => {
    const headings = (one: Document): string[] => all(one, 'th').map((cell) => cell.textContent ?? '');
    expect(headings(document)).toContain('MRR');
    const related = headings(parsed(reportPage({ ...report, task: 'related' }, origin)));
    expect(related).toContain('Scaled MRR');
    expect(related).not.toContain('MRR');
  });

  it('has every comparison', () => {
    const rows = all(document, 'tr').filter((row) => row.hasAttribute('data-other'));
    expect(rows).toHaveLength(report.comparisons.length);
    for (const { measure, other, difference, interval } of report.comparisons) {
      const row = rows.find(
        (one) => one.getAttribute('data-measure') === measure && one.getAttribute('data-other') === other,
      );
      const cells = all(row!, 'td').map(({ textContent }) => textContent);
      expect(cells.slice(0, 2)).toEqual([difference.toFixed(4), interval.map((end) => end.toFixed(4)).join(' to ')]);
    }
  });

  it('says what was asked, what was left out and how to do it again', () => {
    const text = document.documentElement!.textContent!;
    for (const said of [report.asked.graph_id, origin.command, origin.version, '2026-01-02 03:04 UTC', 'graphs/small'])
      expect(text).toContain(said);
    expect(text).toContain('recommender: needs a model (--model)');
    expect(text).toContain(`Means over ${report.split.cases} cases`);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('0 where it is not among the first 20, the deepest k');
  });

  it('says where weights may have been trained on the edges of the test', () => {
    const doubt = 'The weights were trained on graph whole.';
    expect(reportPage({ ...report, doubt }, origin)).toContain(doubt);
    expect(reportPage(report, origin)).not.toContain('were trained');
  });

  it('draws its charts itself, each with a description and a caption, and reaches for nothing outside', () => {
    const charts = all(document, 'svg');
    // Four measures, the cut-offs, two ways to slice, coverage and popularity.
    expect(charts).toHaveLength(9);
    for (const chart of charts) {
      expect(chart.getAttribute('role')).toBe('img');
      for (const method of Object.keys(report.methods)) expect(chart.getAttribute('aria-label')).toContain(method);
      expect(all(chart.parentNode as Element, 'figcaption')).toHaveLength(1);
    }
    for (const table of all(document, 'table')) expect(all(table, 'caption')).toHaveLength(1);
    expect(all(document, 'script')).toEqual([]);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|src=/);
  });

  it('has a colour for every method, in light and dark, and for any other', () => {
    const defined = (page.match(/--method-\w+(?=:)/g) ?? []).sort();
    const wanted = [...methodNames, 'no method'].map((name) => colourOf(name).slice('var('.length, -1));
    expect(defined).toEqual([...wanted, ...wanted].sort());
    expect(new Set(wanted).size).toBe(wanted.length);
  });

  it('places each dot by its figure', () => {
    const [chart] = all(document, 'svg');
    const at = all(chart, 'circle').map((dot) => Number(dot.getAttribute('cx')));
    const values = Object.values(report.methods)
      .map((figures) => figures['recall@20'])
      .sort((a, b) => b - a);
    expect(at).toHaveLength(values.length);
    const scale = (at[0] - at.at(-1)!) / (values[0] - values.at(-1)!);
    at.forEach((x, i) => expect(at[0] - x).toBeCloseTo(scale * (values[0] - values[i]), 6));
  });

  it('escapes every name, whether of a method, a file or a reason', () => {
    const nasty = `<script>alert("1")</script>&'`;
    const renamed = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries(Object.entries(of).map(([name, value]) => [name === 'content' ? nasty : name, value]));
    const hostile = reportPage(
      {
        ...report,
        methods: renamed(report.methods),
        intervals: renamed(report.intervals),
        seconds: renamed(report.seconds),
        slices: report.slices.map((slice) => ({ ...slice, methods: renamed(slice.methods) })),
        comparisons: report.comparisons.map((one) => (one.other === 'content' ? { ...one, other: nasty } : one)),
        skipped: { [nasty]: nasty },
        settings: { [nasty]: { [nasty]: nasty } },
        split: { ...report.split, [nasty]: 1 },
        asked: { ...report.asked, graph_id: nasty, model_id: nasty },
      },
      { ...origin, command: nasty, graph: nasty, model: nasty, test: nasty, version: nasty },
    );
    expect(hostile).not.toContain('<script');
    const read = parsed(hostile);
    expect(all(read, 'script')).toEqual([]);
    expect(all(read, 'code').map(({ textContent }) => textContent)).toContain(nasty);
    expect(all(read, 'th').map(({ textContent }) => textContent)).toContain(nasty);
    expect(all(read, 'text').map(({ textContent }) => textContent)).toContain(nasty);
  });

  it('is whole where no method could run, and where there is one cut-off, one case or one method alone', () => {
    const none = { ...report, methods: {}, intervals: {}, comparisons: [], slices: [], seconds: {} };
    expect(parsed(reportPage(none, origin)).documentElement!.textContent).toContain('No method could run.');
    const single = {
      ...report,
      methods: {
        rp3beta: { 'recall@5': 0, 'ndcg@5': 0, 'hit_rate@5': 0, mrr: 0, 'coverage@5': 0, 'log_popularity@5': 0 },
      },
      intervals: {},
      comparisons: [],
      slices: [],
      asked: { ...report.asked, ks: [5] },
    };
    const text = parsed(reportPage(single, origin)).documentElement!.textContent!;
    expect(text).toContain('No method finds anything among its first 5 pins.');
    expect(text).toContain('nothing to compare');
    expect(text).not.toMatch(/NaN|undefined/);
  });
});
