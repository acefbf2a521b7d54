import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluation/evaluate.js';
import { parseMethods } from '../../src/evaluation/methods.js';
import { reportPage } from '../../src/evaluation/page/report-page.js';
import { boardTask } from '../../src/evaluation/tasks.js';
import { withoutEdges } from '../../src/graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../../src/graph/split.js';
import { smallGraph } from '../candidates/small-graph.js';
import { chromiumPath, launchChromium } from './chromium.js';

const views: [string, BrowserContextOptions][] = [
  ['on a desk in the light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['on a desk in the dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['on a phone', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
];

/** Run in the page, so written as text. Pixels of the least letter of any chart, as it is shown. */
const leastLetter = `Math.min(...Array.from(document.querySelectorAll('svg text'), (text) =>
  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))`;
const contrast = `(() => {
  const channel = (part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(channel);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.querySelector('figure')).backgroundColor) + 0.05;
  const ratios = Array.from(document.querySelectorAll('svg text'), (text) => {
    const ink = light(getComputedStyle(text).fill) + 0.05;
    return Math.max(ink, ground) / Math.min(ink, ground);
  });
  return Math.min(...ratios);
})()`;

describe.skipIf(chromiumPath === undefined)('the page of a report in a browser without scripts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boardwalk-report-'));
  const file = join(folder, 'report.html');
  let browser: Browser;

  beforeAll(async () => {
    const whole = smallGraph(80, 60, 5);
    const mask = holdOutEdges(whole, { seed: 2, minimumPins: 3 });
    const hidden = heldOutPairs(whole, mask);
    const graph = withoutEdges(whole, mask);
    const task = boardTask(graph, {
      from: Array.from(hidden.boards, (board) => whole.boards.id(board)),
      pins: Array.from(hidden.pins, (pin) => whole.pins.id(pin)),
    });
    const methods = parseMethods('random,popularity,content,itemknn,rp3beta,ease,gfcf,spectral,ials,pixie');
    const report = await evaluate(graph, task, { threads: 0, methods, ks: [5, 10, 20] });
    const origin = { made: new Date(0), command: `boardwalk ${'long '.repeat(80)}`, version: 'boardwalk 0.0.0' };
    writeFileSync(file, reportPage(report, { ...origin, graph: 'graph', test: `${'folder/'.repeat(30)}test.tsv` }));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test.each(views)('%s is legible, as wide as its window, and asks for nothing', async (_, view) => {
    const context = await browser.newContext({ ...view, javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (entry) => complaints.push(entry.text()));
    page.on('request', (request) => request.url().startsWith('file:') || complaints.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(view.viewport!.width);
    expect(await page.evaluate<number>(`document.querySelectorAll('svg').length`)).toBe(9);
    expect(await page.evaluate<number>(leastLetter)).toBeGreaterThan(9.5);
    expect(await page.evaluate<number>(contrast)).toBeGreaterThan(4.5);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
