import type { FastifyInstance } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveGraph } from '../../src/graph/live/live-graph.js';
import { openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { openGraph } from '../../src/graph/open.js';
import { writeGraph } from '../../src/graph/write.js';
import { buildApp } from '../../src/server/app.js';
import { LiveService } from '../../src/server/live-service.js';
import { cooccurrenceService, smallGraph } from './cooccurrence-service.js';

let folder: string;
let live: LiveGraph;
let app: FastifyInstance;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boardwalk-live-server-'));
  await writeGraph(join(folder, 'graph'), smallGraph());
  const base = await openGraph(join(folder, 'graph'));
  live = await openLiveGraph(join(folder, 'graph'), {}, base);
  app = await buildApp(new LiveService(cooccurrenceService(base), live), { logLevel: 'silent' });
});
afterEach(async () => {
  await app.close();
  await live.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  body: Record<string, any>;
}

async function ask(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object): Promise<Answer> {
  const reply = await app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: reply.json() };
}

const ids = ({ body }: Answer): string[] => body.results.map(({ pin_id }: { pin_id: string }) => pin_id);

describe('a graph that is changed through the API', () => {
  test('has new pins and boards at once, and says how many were new', async () => {
    const edges = [
      { board_id: 'board-1', pin_id: 'new/pin', added_at: '2026-11-22T10:00:00Z' },
      { board_id: 'new board', pin_id: 'pin-1' },
    ];
    expect(await ask('POST', '/v1/edges', { edges })).toMatchObject({ status: 200, body: { changed: 2 } });
    expect((await ask('POST', '/v1/edges', { edges })).body.changed).toBe(0);
    await ask('POST', '/v1/pins', { pins: [{ pin_id: 'new/pin', title: 'New', url: null }] });
    const pin = await ask('GET', '/v1/pins/new%2Fpin');
    expect(pin.body).toMatchObject({ title: 'New', board_count: 1, boards: [{ board_id: 'board-1' }] });
    expect((await ask('GET', '/v1/boards/new%20board')).body.pins).toMatchObject([{ pin_id: 'pin-1' }]);
    expect(ids(await ask('GET', '/v1/search?q=new%2Fpin'))).toEqual(['new/pin']);
  });

  test('answers for a pin that the model has never seen by live walks', async () => {
    const edges = ['fresh', 'fresher'].map((pin_id) => ({ board_id: 'board-1', pin_id }));
    await ask('POST', '/v1/edges', { edges });
    const related = await ask('GET', '/v1/pins/fresh/related?limit=100');
    expect(related.body.fallback).toBe('live_walks');
    expect(ids(related)).toContain('fresher');
    expect(ids(related)).not.toContain('fresh');
    expect(related.body.results[0].reasons[0].text).toContain('Saved together on');
    const walked = await ask('GET', '/v1/pins/pin-1/walks?limit=100');
    expect(ids(walked)).toEqual(expect.arrayContaining(['fresh', 'fresher']));
    expect((await ask('GET', '/v1/pins/fresh/embedding')).body).toMatchObject({ status: 404, code: 'unknown_pin' });
  });

  test('falls back to popular pins for a pin that no board holds', async () => {
    await ask('POST', '/v1/pins', { pins: [{ pin_id: 'on no board' }] });
    const related = await ask('GET', '/v1/pins/on%20no%20board/related');
    expect(related.body.fallback).toBe('popular_pins');
    expect(related.body.results.length).toBeGreaterThan(0);
  });

  test('does not bring back what a board has been given since', async () => {
    const before = ids(await ask('GET', '/v1/boards/board-1/more?limit=5'));
    await ask('POST', '/v1/edges', { edges: [{ board_id: 'board-1', pin_id: before[0] }] });
    expect(ids(await ask('GET', '/v1/boards/board-1/more?limit=5'))).not.toContain(before[0]);
  });

  test('knows nothing more of what was removed', async () => {
    const [{ board_id: board }] = (await ask('GET', '/v1/pins/pin-1')).body.boards;
    expect((await ask('DELETE', '/v1/pins/pin-1')).body.changed).toBe(1);
    expect((await ask('DELETE', `/v1/boards/${board}`)).body.changed).toBe(1);
    for (const url of ['/v1/pins/pin-1', '/v1/pins/pin-1/related', `/v1/boards/${board}`, `/v1/boards/${board}/more`])
      expect((await ask('GET', url)).status).toBe(404);
    expect((await ask('DELETE', '/v1/pins/pin-1')).status).toBe(404);
    expect(JSON.stringify((await ask('GET', '/v1/about')).body.examples)).not.toMatch(`"${board}"`);
    for (const url of ['/v1/pins/pin-2/related?limit=200', '/v1/users/bob', '/v1/pins/pin-13/walks?limit=200'])
      expect(JSON.stringify((await ask('GET', url)).body)).not.toMatch(`"${board}"`);
    expect(ids(await ask('GET', '/v1/pins/pin-13/walks?limit=200'))).not.toContain('pin-1');
    expect(ids(await ask('GET', '/v1/search?q=pin-1'))).not.toContain('pin-1');
  });

  test('loses edges that are taken away, and keeps their ends', async () => {
    const edges = (await ask('GET', '/v1/pins/pin-4')).body.boards.map(({ board_id }: { board_id: string }) => ({
      board_id,
      pin_id: 'pin-4',
    }));
    expect((await ask('DELETE', '/v1/edges', { edges })).body.changed).toBe(edges.length);
    expect((await ask('GET', '/v1/pins/pin-4')).body).toMatchObject({ board_count: 0, boards: [] });
  });

  test('names what is wrong with a change, and makes none of it', async () => {
    const wrong: [object, string][] = [
      [{ edges: [{ board_id: 'b', pin_id: 'p' }, { board_id: 'b' }] }, 'pin_id'],
      [{ edges: [{ board_id: 'b', pin_id: 'p', added_at: 'soon' }] }, 'edges[0].added_at'],
      [{ edges: [{ board_id: 'b', pin_id: '' }] }, 'edges[0].pin_id'],
      [{ edges: [{ board_id: 'b', pin_id: 'half \ud800' }] }, 'pin_id'],
    ];
    const before = live.edges;
    for (const [payload, field] of wrong)
      expect(await ask('POST', '/v1/edges', payload)).toMatchObject({ status: 400, body: { field } });
    expect(live.edges).toBe(before);
  });
});

test('a server without a graph to change says why', async () => {
  const readOnly = await buildApp(cooccurrenceService(), { logLevel: 'silent', readOnly: 'The disk is read-only.' });
  const reply = await readOnly.inject({
    method: 'POST',
    url: '/v1/edges',
    payload: { edges: [{ board_id: 'b', pin_id: 'p' }] },
  });
  expect(reply.json()).toMatchObject({ status: 403, code: 'read_only', detail: 'The disk is read-only.' });
  await readOnly.close();
});
