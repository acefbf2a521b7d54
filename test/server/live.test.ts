import type { FastifyInstance } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ExactIndex } from '../../src/ann/exact.js';
import { embedPins } from '../../src/embedding/embed-pins.js';
import { BoardwalkError } from '../../src/errors.js';
import { PinEmbedder } from '../../src/embedding/pin-embedder.js';
import type { LiveGraph } from '../../src/graph/live/live-graph.js';
import { openLiveGraph } from '../../src/graph/live/open-live-graph.js';
import { openGraph } from '../../src/graph/open.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { writeGraph } from '../../src/graph/write.js';
import { openBackend } from '../../src/model/backends.js';
import { fitFeatures } from '../../src/model/features.js';
import { initialWeights } from '../../src/model/initial-weights.js';
import { pinSageSpec } from '../../src/model/spec.js';
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
  app = await buildApp(new LiveService(cooccurrenceService(base, live.baseNow), live), { logLevel: 'silent' });
});
afterEach(async () => {
  await app.close();
  await live.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Pins of two kinds by their words, on boards of one kind each, with vectors of weights as they are drawn. */
async function embeddedGraph() {
  const words = { boat: 'boat sail rope oar cedar', loaf: 'loaf flour yeast oven rye' };
  const kinds = ['boat', 'loaf'] as const;
  const pins = kinds.flatMap((kind) => Array.from({ length: 8 }, (_, i) => `${kind} ${i}`));
  const title = pins.map((id, pin) => {
    const own = words[id.slice(0, 4) as 'boat' | 'loaf'].split(' ');
    return own.filter((_, i) => i !== pin % own.length).join(' ');
  });
  const edges = { boards: Uint32Array.from(pins, (_, pin) => pin >> 2), pins: Uint32Array.from(pins.keys()) };
  const boards = Array.from({ length: 4 }, (_, board) => `board ${board}`);
  const graph = memoryGraph({ pins, boards, edges, pinAttributes: { title } });
  const spec = pinSageSpec({ features: { width: 8, textBuckets: 256 }, aggregator: 'linear', layers: 1, dimension: 8 });
  const backend = await openBackend('wasm');
  const fit = await fitFeatures(graph, spec.features, 1);
  const model = { spec, features: fit.features, weights: initialWeights(spec, fit, 1) };
  const vectors = await embedPins(graph, model, { backend, seed: 1, threads: 0 });
  const table = { modelId: 'm', graphId: graph.id, dimension: 8, metric: 'cosine' as const, pinIds: pins, vectors };
  return { graph, table, embedder: await PinEmbedder.open(model, graph, 1) };
}

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

  test('keeps live walks out of the boards that a request excludes', async () => {
    const edges = ['board-1', 'board-2'].flatMap((board_id) => [
      { board_id, pin_id: 'fresh' },
      { board_id, pin_id: `only on ${board_id}` },
    ]);
    await ask('POST', '/v1/edges', { edges });
    const request = { pins: ['fresh'], limit: 100 };
    const all = await ask('POST', '/v1/recommendations', request);
    expect(ids(all)).toEqual(expect.arrayContaining(['only on board-1', 'only on board-2']));
    const without = await ask('POST', '/v1/recommendations', { ...request, exclude_boards: ['board-1', 'nowhere'] });
    expect(without.body.fallback).toBe('live_walks');
    expect(ids(without)).toContain('only on board-2');
    expect(ids(without)).not.toContain('only on board-1');
    const reasons = without.body.results.flatMap((result: { reasons: { board_id: string }[] }) => result.reasons);
    expect(reasons.map(({ board_id }: { board_id: string }) => board_id)).not.toContain('board-1');
  });

  test('says which pins and boards of a request had no say beside those that the model knows', async () => {
    const edges = [
      { board_id: 'new board', pin_id: 'fresh' },
      { board_id: 'board-1', pin_id: 'fresh' },
    ];
    await ask('POST', '/v1/edges', { edges });
    const request = { pins: ['pin-1', 'fresh', 'fresh'], boards: ['new board', 'board-2'] };
    const { body } = await ask('POST', '/v1/recommendations', request);
    expect(body).toMatchObject({ fallback: null, newer_than_model: ['fresh', 'new board'] });
    const known = await ask('POST', '/v1/recommendations', { pins: ['pin-1'], boards: ['board-2'] });
    expect(known.body).not.toHaveProperty('newer_than_model');
    expect(body.results).toEqual(known.body.results.filter(({ pin_id }: { pin_id: string }) => pin_id !== 'fresh'));
  });

  test('asks the model by no board whose pins are all newer than it, or gone', async () => {
    const on = (await ask('GET', '/v1/boards/board-1')).body.pins as { pin_id: string }[];
    const edges = on.map(({ pin_id }) => ({ board_id: 'board-1', pin_id }));
    await ask('DELETE', '/v1/edges', { edges });
    expect((await ask('GET', '/v1/boards/board-1/more')).body.fallback).toBe('popular_pins');
    const fresh = ['board-1', 'board-2'].map((board_id) => ({ board_id, pin_id: 'fresh' }));
    await ask('POST', '/v1/edges', { edges: fresh });
    const more = await ask('GET', '/v1/boards/board-1/more?limit=100');
    expect(more.body.fallback).toBe('live_walks');
    const [{ pin_id: beside }] = (await ask('GET', '/v1/boards/board-2')).body.pins;
    expect(ids(more)).toContain(beside);
    expect(ids(more)).not.toContain('fresh');
    const mixed = await ask('POST', '/v1/recommendations', { pins: [beside], boards: ['board-1'] });
    expect(mixed.body).toMatchObject({ fallback: null, newer_than_model: ['board-1'] });
    const asPerson = { boards: ['board-1'], user: 'bob' };
    await ask('DELETE', '/v1/edges', { edges: fresh });
    expect((await ask('POST', '/v1/recommendations', asPerson)).body.fallback).toBe(null);
  });

  test('falls back to popular pins for a pin that no board holds', async () => {
    await ask('POST', '/v1/pins', { pins: [{ pin_id: 'on no board' }] });
    const related = await ask('GET', '/v1/pins/on%20no%20board/related');
    expect(related.body.fallback).toBe('popular_pins');
    expect(related.body.results.length).toBeGreaterThan(0);
  });

  test('answers by its words for a pin that no board holds, and gives its vector', async () => {
    const { graph, table, embedder } = await embeddedGraph();
    let isAway = true;
    await app.close();
    await live.close();
    rmSync(join(folder, 'graph'), { recursive: true });
    await writeGraph(join(folder, 'graph'), graph);
    const base = await openGraph(join(folder, 'graph'));
    live = await openLiveGraph(join(folder, 'graph'), {}, base);
    const service = new LiveService({ ...cooccurrenceService(base, live.baseNow), table }, live, {
      embedder: async () => {
        if (isAway) throw new BoardwalkError('mismatch', 'The model is away.');
        return embedder;
      },
      index: new ExactIndex(table),
    });
    app = await buildApp(service, { logLevel: 'silent' });
    const title = 'cedar boat sail rope';
    await ask('POST', '/v1/pins', { pins: [{ pin_id: 'new', title }, { pin_id: 'wordless' }] });
    // What failed once is tried again.
    expect((await ask('GET', '/v1/pins/new/embedding')).status).toBe(500);
    isAway = false;
    const related = await ask('GET', '/v1/pins/new/related?limit=6');
    expect(related.body.fallback).toBe('nearest_vectors');
    expect(ids(related)).toHaveLength(6);
    for (const id of ids(related)) expect(id).toMatch(/^boat/);
    const scores = related.body.results.map(({ score }: { score: number }) => score);
    expect(scores).toEqual(scores.toSorted((a: number, b: number) => b - a));
    const { embedding } = (await ask('GET', '/v1/pins/new/embedding')).body;
    expect(embedding).toHaveLength(table.dimension);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    const page = await ask('GET', '/v1/pins/new/related?limit=2');
    const next = await ask('GET', `/v1/pins/new/related?limit=2&cursor=${page.body.next_cursor}`);
    expect([...ids(page), ...ids(next)]).toEqual(ids(related).slice(0, 4));
    await ask('DELETE', `/v1/pins/${ids(related)[0]}`);
    expect(ids(await ask('GET', '/v1/pins/new/related?limit=6'))).not.toContain(ids(related)[0]);
    expect((await ask('GET', '/v1/pins/wordless/related')).body.fallback).toBe('popular_pins');
  });

  test('does not bring back what a board has been given since', async () => {
    const before = ids(await ask('GET', '/v1/boards/board-1/more?limit=5'));
    await ask('POST', '/v1/edges', { edges: [{ board_id: 'board-1', pin_id: before[0] }] });
    expect(ids(await ask('GET', '/v1/boards/board-1/more?limit=5'))).not.toContain(before[0]);
  });

  test('knows nothing more of what was removed', async () => {
    const [{ board_id: board }] = (await ask('GET', '/v1/pins/pin-1')).body.boards;
    expect((await ask('DELETE', '/v1/pins/pin-1')).body.changed).toBe(1);
    const headers = { 'content-type': 'application/json' };
    const typed = await app.inject({ method: 'DELETE', url: `/v1/boards/${board}`, headers });
    expect(typed.json().changed).toBe(1);
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

  test('says nothing more of edges that are taken away', async () => {
    const on = (await ask('GET', '/v1/boards/board-1')).body.pins as { pin_id: string }[];
    const edges = on.map(({ pin_id }) => ({ board_id: 'board-1', pin_id }));
    expect((await ask('DELETE', '/v1/edges', { edges })).body.changed).toBe(on.length);
    const id = on[0].pin_id;
    const { body: related } = await ask('GET', `/v1/pins/${encodeURIComponent(id)}/related?limit=100`);
    expect(related.results.length).toBeGreaterThan(0);
    expect(JSON.stringify(related)).not.toContain('"board-1"');
    const { body: drawn } = await ask('GET', `/v1/pins/${encodeURIComponent(id)}/neighbourhood`);
    expect(drawn.edges.length).toBeGreaterThan(0);
    expect(JSON.stringify(drawn)).not.toContain('board:board-1"');
    expect(ids(await ask('GET', '/v1/boards/board-1/more?limit=100'))).toContain(id);
  });

  test('tells pins and boards by the attributes that they have by now', async () => {
    const examples = async (): Promise<string> => JSON.stringify((await ask('GET', '/v1/about')).body.examples);
    expect(await examples()).toContain('A titled pin');
    await ask('POST', '/v1/pins', { pins: [{ pin_id: 'pin-3', title: 'A new title' }] });
    expect(await examples()).toContain('A new title');
    expect((await ask('GET', '/v1/pins/pin-3/neighbourhood')).body.nodes[0].label).toBe('A new title');
    await ask('DELETE', '/v1/pins/pin-3');
    await ask('POST', '/v1/pins', { pins: [{ pin_id: 'pin-3' }] });
    expect(await examples()).not.toMatch(/A (new title|titled pin)/);
    await ask('POST', '/v1/boards', { boards: [{ board_id: 'board-1', owner: null }] });
    const { boards } = (await ask('GET', '/v1/users/ann%2F1')).body;
    expect(boards.length).toBeGreaterThan(0);
    expect(boards).not.toContainEqual(expect.objectContaining({ board_id: 'board-1' }));
  });

  test('draws what lies around a pin that is newer than the model', async () => {
    const edges = ['fresh', 'fresher'].map((pin_id) => ({ board_id: 'board-1', pin_id }));
    await ask('POST', '/v1/edges', { edges });
    const { body } = await ask('GET', '/v1/pins/fresh/neighbourhood');
    const drawn = body.nodes.map(({ id }: { id: string }) => id);
    expect(drawn).toEqual(expect.arrayContaining(['fresh', 'fresher', 'board-1']));
  });

  test('names what is wrong with a change, and makes none of it', async () => {
    const wrong: [object, string][] = [
      [{ edges: [{ board_id: 'b', pin_id: 'p' }, { board_id: 'b' }] }, 'edges[1].pin_id'],
      [{ edges: [{ board_id: 'b', pin_id: 'p', added_at: 'soon 7' }] }, 'edges[0].added_at'],
      [{ edges: [{ board_id: 'b', pin_id: '' }] }, 'edges[0].pin_id'],
      [{ edges: [{ board_id: 'b', pin_id: 'half \ud800' }] }, 'pin_id'],
    ];
    const before = live.edges;
    for (const [payload, field] of wrong)
      expect(await ask('POST', '/v1/edges', payload)).toMatchObject({ status: 400, body: { field } });
    expect(live.edges).toBe(before);
    const empty = await app.inject({
      method: 'POST',
      url: '/v1/edges',
      headers: { 'content-type': 'application/json' },
    });
    expect(empty.json()).toMatchObject({ status: 400, field: 'body', detail: expect.not.stringContaining('user') });
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
