import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../../src/server/server.js';
import { report } from '../server/cooccurrence-service.js';
import { chromiumPath, launchChromium } from './chromium.js';
import { hostileTitle, longId, smallRecommender } from './small-world.js';

const views = ['#/', '#/pin/oak', '#/board/walk%200', '#/user/person%201', '#/user/a%20stranger', '#/model'];

/** Run in the page, so written as text: these tests know no browser types. */
const watchShifts = `
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;
const settled = `document.querySelector('main h1, main .message, .swagger-ui') !== null && !document.querySelector('.skeleton')`;
const focused = (page: Page) => page.evaluate<string>(`document.activeElement?.textContent?.trim() ?? ''`);
const place = (page: Page) => page.evaluate<string>('decodeURIComponent(location.hash)');

/** Asked from outside, for the page's own policy forbids evaluating text inside it. */
const until = (page: Page, condition: string) =>
  expect.poll(() => page.evaluate<unknown>(condition), { interval: 25, timeout: 30_000 }).toBeTruthy();

describe.skipIf(chromiumPath === undefined)('the explorer page', () => {
  let server: Listening;
  let browser: Browser;
  let context: BrowserContext;
  let complaints: string[];

  beforeAll(async () => {
    const quiet = { logLevel: 'silent', rateLimit: 0, longestWait: 0 } as const;
    server = await listen(await smallRecommender(), { ...quiet, host: '127.0.0.1', port: 0, report });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await server.app.close();
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  /** Opens a place, and takes down every console error, script error and request that leaves this server. */
  async function open(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    complaints = [];
    const page = await context.newPage();
    page.on('console', (entry) => entry.type() === 'error' && complaints.push(entry.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !url.startsWith('data:')) complaints.push(`a request to ${url}`);
    });
    await page.addInitScript(watchShifts);
    await page.goto(server.url + hash);
    await until(page, settled);
    return page;
  }

  /** The most related pin of "oak", and where it lies on the drawing, whose margin is 30 pixels. */
  async function firstPinDrawn(page: Page): Promise<{ id: string; label: string; position: { x: number; y: number } }> {
    const { nodes } = await (await page.request.get(`${server.url}v1/pins/oak/neighbourhood`)).json();
    const { width = 0, height = 0 } = (await page.locator('.drawing-canvas').boundingBox()) ?? {};
    const reach = Math.max(...nodes.flatMap(({ x, y }: { x: number; y: number }) => [Math.abs(x), Math.abs(y)]));
    const scale = (Math.min(width, height) - 60) / (2 * reach);
    const { id, label, x, y } = nodes.find((node: { kind: string }) => node.kind === 'pin');
    return { id, label, position: { x: width / 2 + x * scale, y: height / 2 - y * scale } };
  }

  test('finds, opens and steps through pins with the keyboard alone', async () => {
    const page = await open('#/');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('/');
    await page.keyboard.type('oak');
    const option = page.getByRole('option').first();
    await option.waitFor();
    expect(await option.textContent()).toContain('oak');
    await page.keyboard.press('ArrowDown');
    const input = page.getByRole('combobox', { expanded: true });
    expect(await input.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'oak' }).waitFor();
    expect(await place(page)).toBe('#/pin/oak');
    expect(await focused(page)).toBe('oak');

    const first = page.locator('.card-link').first();
    await first.waitFor();
    const next = (await first.textContent()) ?? '';
    await page.keyboard.press('Tab');
    while ((await focused(page)) !== next) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: next }).waitFor();
    expect(await page.locator('.trail').textContent()).toBe(`Startoak${next}`);
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'oak' }).waitFor();
    expect(await page.title()).toBe('oak · Boardwalk');
  });

  test('shows the recommender’s own results, each with a score, a source and a reason', async () => {
    const page = await open('#/pin/trout');
    const cards = page.locator('.card:not(.skeleton)');
    const { results } = await (await page.request.get(`${server.url}v1/pins/trout/related?limit=24`)).json();
    expect(await page.locator('.card-link').allTextContents()).toEqual(
      results.map((result: { pin_id: string; title: string | null }) => result.title ?? result.pin_id),
    );
    for (const card of await cards.all()) {
      expect(await card.locator('.score').textContent()).toMatch(/^(<0\.1|\d+(\.\d)?)%$/);
      expect(await card.locator('.chip').count()).toBeGreaterThan(0);
      expect(((await card.locator('.reason').textContent()) ?? '').length).toBeGreaterThan(5);
    }
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.locator('.card:nth-child(25)').waitFor();
  });

  test('leads from a reason to its board, from the board to its owner, from the owner to a homefeed', async () => {
    const page = await open('#/pin/oak');
    await page.locator('.reason a').first().click();
    await page.getByRole('heading', { name: 'More ideas' }).waitFor();
    await page.getByRole('link', { name: /^by person/ }).click();
    await page.getByRole('heading', { name: 'Homefeed' }).waitFor();
    await page.locator('.card-link').first().waitFor();
    expect(await place(page)).toMatch(/^#\/user\/person \d$/);
  });

  test('names the fallback in a stranger’s homefeed', async () => {
    const page = await open('#/user/a%20stranger');
    expect(await page.locator('.note').textContent()).toContain('Nothing is known about this user');
    expect(await page.locator('.card-link').count()).toBeGreaterThan(0);
  });

  test('draws the neighbourhood, and a click on a node goes there', async () => {
    const page = await open('#/pin/oak');
    await page.locator('.drawing-canvas canvas').first().waitFor();
    const target = await firstPinDrawn(page);
    await page.locator('.drawing-canvas').click({ position: target.position });
    await page.getByRole('heading', { level: 1, name: target.label }).waitFor();
    expect(await place(page)).toBe(`#/pin/${target.id}`);
  });

  test('lets a finger tap a node, and scroll the page from on top of the drawing', async () => {
    const page = await open('#/pin/oak', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await page.locator('.drawing-canvas canvas').first().waitFor();
    const box = await page.locator('.drawing-canvas').boundingBox();
    const [x, y] = [(box?.x ?? 0) + 12, (box?.y ?? 0) + (box?.height ?? 0) - 12];
    const session = await context.newCDPSession(page);
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    for (let moved = 20; moved <= 240; moved += 20)
      await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y: y - moved }] });
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await until(page, 'scrollY > 150');
    await page.evaluate('scrollTo(0, 0)');
    const target = await firstPinDrawn(page);
    await page.locator('.drawing-canvas').tap({ position: target.position });
    await page.getByRole('heading', { level: 1, name: target.label }).waitFor();
  });

  test('shows ids and titles of any kind as text', async () => {
    const page = await open(`#/pin/${encodeURIComponent(longId)}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(longId);
    await page.goto(`${server.url}#/pin/markup`);
    await page.getByRole('heading', { level: 1, name: hostileTitle }).waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).toContain(hostileTitle);
  });

  test('fits a phone and moves nothing while loading, in every view', async () => {
    const page = await open('#/', { viewport: { width: 360, height: 740 } });
    for (const view of views) {
      await page.goto('about:blank');
      await page.goto(server.url + view);
      await page.waitForLoadState('networkidle');
      await until(page, settled);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      const shifted = await page.evaluate<number>('window.shifted');
      expect({ view, width }).toEqual({ view, width: 360 });
      expect({ view, steady: shifted < 0.01 }).toEqual({ view, steady: true });
    }
  });

  test('follows the system’s theme until one is chosen, and keeps the choice', async () => {
    const page = await open('#/pin/oak', { colorScheme: 'dark' });
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    await page.getByRole('button', { name: 'Use the light theme' }).click();
    const light = await background();
    expect(light).not.toBe(dark);
    await page.reload();
    await page.getByRole('button', { name: 'Use the dark theme' }).waitFor();
    expect(await background()).toBe(light);
  });

  test('says plainly that nothing matches, and that a pin does not exist', async () => {
    const page = await open('#/');
    await page.getByRole('combobox').last().fill('zzzzqq');
    await page.getByText('No pin matches “zzzzqq”').waitFor();
    await page.goto(`${server.url}#/pin/nothing`);
    await page.getByText('There is no pin "nothing" in this graph.').waitFor();
    // The browser itself reports the 404 on its console.
    expect(complaints.every((complaint) => complaint.includes('404'))).toBe(true);
    complaints = [];
  });

  test('offers to try again when the server does not answer, and then works', async () => {
    const page = await open('#/');
    await page.route('**/v1/pins/**', (route) => route.abort());
    await page.goto(`${server.url}#/pin/oak`);
    await page.getByText('The server did not answer.').waitFor();
    await page.unroute('**/v1/pins/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'oak' }).waitFor();
    complaints = [];
  });

  test('shows the training curves and the comparison with the baselines', async () => {
    const page = await open('#/model');
    await page.locator('.curve svg').first().waitFor();
    expect(await page.locator('.curve svg').count()).toBe(2);
    expect(await page.locator('.ours td').allTextContents()).toEqual(['0.2100']);
    expect(await page.locator('tbody th').allTextContents()).toEqual(['recommender', 'popularity']);
  });

  test('documents the API without a complaint', async () => {
    const page = await open('docs/');
    await page.getByText('/v1/pins/{id}/related').waitFor();
  });
});
