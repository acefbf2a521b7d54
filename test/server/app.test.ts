import { assert, asyncProperty, string } from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { buildApp } from '../../src/server/app.js';
import { awkwardIds, cooccurrenceService, report } from './cooccurrence-service.js';

const quiet = { logLevel: 'silent', rateLimit: 0, longestWait: 0 } as const;
const service = cooccurrenceService();
let app: FastifyInstance;

beforeAll(async () => {
  app = await buildApp(service, { ...quiet, report });
});
afterAll(() => app.close());

const get = (url: string) => app.inject({ method: 'GET', url });
const post = (payload: unknown) =>
  app.inject({ method: 'POST', url: '/v1/recommendations', payload: payload as object });
const path = (kind: string, id: string, tail = '') => `/v1/${kind}/${encodeURIComponent(id)}${tail}`;

const graphWith = (image: string | null) =>
  memoryGraph({
    pins: ['a'],
    boards: ['b'],
    edges: { boards: Uint32Array.of(0), pins: Uint32Array.of(0) },
    ...(image === null ? {} : { pinAttributes: { image: [image] } }),
  });

const failing = (): never => {
  throw new Error('a secret of the inside');
};

async function expectProblem(
  response: Awaited<ReturnType<typeof get>>,
  { status, code, field }: { status: number; code: string; field: string | null },
) {
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  const body = response.json();
  expect(body).toMatchObject({ status, code, field, type: `urn:boardwalk:problem:${code}`, model_id: 'cooccurrence' });
  expect(response.statusCode).toBe(status);
  expect(body.title.length * body.detail.length * body.request_id.length).toBeGreaterThan(0);
}

describe('every answer', () => {
  test.each([
    '/v1/pins/pin-1/related',
    '/v1/pins/pin-1',
    '/v1/pins/pin-1/embedding',
    '/v1/pins/pin-1/neighbourhood',
    '/v1/boards/board-1/more',
    '/v1/boards/board-1',
    '/v1/users/bob/homefeed',
    '/v1/users/bob',
    '/v1/search?q=pin',
    '/v1/about',
    '/v1/training',
    '/livez',
    '/readyz',
  ])('of %s carries a request id, a model id and the security headers', async (url) => {
    const response = await get(url);
    expect(response.statusCode).toBe(200);
    const { request_id, model_id } = response.json();
    expect(request_id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(model_id).toBe('cooccurrence');
    expect(response.headers['content-security-policy']).toContain("script-src 'self';");
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect((await get(url)).json().request_id).not.toBe(request_id);
  });
});

describe('related pins', () => {
  test('come as the recommender ranks them, with their sources and reasons', async () => {
    const { results } = (await get('/v1/pins/pin-1/related?limit=7')).json();
    const expected = await service.recommend({ pins: ['pin-1'], limit: 7 });
    expect(results).toEqual(expected.results);
    expect(results).toHaveLength(7);
  });

  test('page without gaps or repeats, and end with no cursor', async () => {
    const whole = await service.recommend({ pins: ['pin-1'], limit: 500 });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const url: string = `/v1/pins/pin-1/related?limit=9${cursor ? `&cursor=${cursor}` : ''}`;
      const page = (await get(url)).json();
      expect(page.results.length).toBeLessThanOrEqual(9);
      seen.push(...page.results.map((result: { pin_id: string }) => result.pin_id));
      cursor = page.next_cursor;
    } while (cursor);
    expect(seen).toEqual(whole.results.map((result) => result.pin_id));
  });

  test.each(['0', '-1', '201', '1.5', 'ten', '', '1e2', '99999999999999999999'])(
    'refuse limit=%s and name the field',
    async (limit) => {
      await expectProblem(await get(`/v1/pins/pin-1/related?limit=${limit}`), {
        status: 400,
        code: 'bad_request',
        field: 'limit',
      });
    },
  );

  test('refuse a limit given twice', async () => {
    await expectProblem(await get('/v1/pins/pin-1/related?limit=1&limit=2'), {
      status: 400,
      code: 'bad_request',
      field: 'limit',
    });
  });

  test('refuse a parameter that does not exist, by its name', async () => {
    await expectProblem(await get('/v1/pins/pin-1/related?limt=5'), {
      status: 400,
      code: 'bad_request',
      field: 'limt',
    });
  });

  test.each([
    'nonsense',
    Buffer.from('["cooccurrence",-4]').toString('base64url'),
    Buffer.from('["cooccurrence",1e9]').toString('base64url'),
    Buffer.from('["another-model",9]').toString('base64url'),
    Buffer.from('null').toString('base64url'),
  ])('refuse the cursor %s', async (cursor) => {
    await expectProblem(await get(`/v1/pins/pin-1/related?cursor=${cursor}`), {
      status: 400,
      code: 'bad_request',
      field: 'cursor',
    });
  });
});

describe('unknown ids', () => {
  test.each(['', '/related', '/embedding', '/neighbourhood'])(
    'of a pin%s are a 404 that names the id',
    async (tail) => {
      const response = await get(path('pins', 'no such', tail));
      await expectProblem(response, { status: 404, code: 'unknown_pin', field: 'id' });
      expect(response.json().detail).toContain('no such');
    },
  );

  test.each(['', '/more'])('of a board%s are a 404', async (tail) => {
    await expectProblem(await get(path('boards', 'nope', tail)), { status: 404, code: 'unknown_board', field: 'id' });
  });

  test('of a user get a fallback that the answer names', async () => {
    const body = (await get(path('users', 'a stranger', '/homefeed'))).json();
    expect(body.fallback).toBe('popular_pins');
    expect(body.results.length).toBeGreaterThan(0);
    expect((await get(path('users', 'a stranger'))).json()).toMatchObject({ board_count: 0, boards: [] });
  });

  test('in a body are a 404 that names the field', async () => {
    await expectProblem(await post({ pins: ['nope'] }), { status: 404, code: 'unknown_pin', field: 'pins' });
    await expectProblem(await post({ boards: ['nope'] }), { status: 404, code: 'unknown_board', field: 'boards' });
  });
});

describe('awkward ids', () => {
  test.each(awkwardIds.map((id) => [id.slice(0, 12), id]))('%s… answer on every route of a pin', async (_name, id) => {
    for (const tail of ['', '/related', '/embedding', '/neighbourhood']) {
      const response = await get(path('pins', id, tail));
      expect(response.statusCode).toBe(200);
    }
    expect((await get(path('pins', id))).json().pin_id).toBe(id);
    expect((await post({ pins: [id], exclude: [id] })).statusCode).toBe(200);
  });

  test('of boards and users answer too', async () => {
    expect((await get(path('boards', 'shelf/one?'))).json().board_id).toBe('shelf/one?');
    expect((await get(path('boards', 'shelf/one?', '/more'))).json().results.length).toBeGreaterThan(0);
    expect((await get(path('users', 'ann/1', '/homefeed'))).json().fallback).toBe(null);
  });

  test('of any characters at all come back as they were sent', async () => {
    // "." and ".." are path steps to every URL parser; the POST route takes them.
    const ids = string({ unit: 'binary', minLength: 1, maxLength: 60 }).filter(
      (id) => !/\p{Surrogate}/u.test(id) && id !== '.' && id !== '..',
    );
    await assert(
      asyncProperty(ids, async (id) => {
        expect((await get(path('users', id))).json().user_id).toBe(id);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  test.each(['/v1/pins/%zz/related', '/v1/pins/%E0%A4/related', '/v1/boards/%'])(
    'a malformed escape in %s is a 400',
    async (url) => {
      await expectProblem(await get(url), { status: 400, code: 'bad_request', field: 'path' });
    },
  );

  test('even a request that no route sees gets the security headers', async () => {
    expect((await get('/v1/pins/%zz/related')).headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('an id of absurd length is refused without a crash', async () => {
    await expectProblem(await get(path('pins', 'x'.repeat(9000))), { status: 414, code: 'id_too_long', field: 'id' });
  });
});

describe('POST /v1/recommendations', () => {
  test('takes a mix of pins, boards and a user', async () => {
    const request = { pins: ['pin-1'], boards: ['board-2'], user: 'bob', exclude: ['pin-7'], limit: 3 };
    const expected = await service.recommend(request);
    expect((await post(request)).json().results).toEqual(expected.results);
  });

  test('passes filters on', async () => {
    const { results } = (await post({ pins: ['pin-1'], filters: { language: ['en'] }, limit: 500 })).json();
    expect(results.length).toBeGreaterThan(0);
    for (const { pin_id } of results)
      expect(service.graph.pinAttributes.get('language', service.graph.pins.indexOf(pin_id))).toBe('en');
  });

  test.each([
    [{}, 'pins'],
    [{ pins: [] }, 'pins'],
    [{ pins: 'pin-1' }, 'pins'],
    [{ pins: ['pin-1', 2] }, 'pins[1]'],
    [{ pins: ['pin-1'], limit: '5' }, 'limit'],
    [{ pins: ['pin-1'], limit: 0 }, 'limit'],
    [{ pins: ['pin-1'], limit: 501 }, 'limit'],
    [{ pin: ['pin-1'] }, 'pin'],
    [{ user: 7 }, 'user'],
    [{ user: 'bob', filters: { colour: ['red'] } }, 'filters.colour'],
    [{ user: 'bob', filters: { owner: 'ann' } }, 'filters.owner'],
    [{ pins: Array.from({ length: 501 }, () => 'pin-1') }, 'pins'],
    [['pin-1'], 'body'],
    [null, 'body'],
  ])('refuses %j and names %s', async (payload, field) => {
    const response = await app.inject({
      method: 'POST',
      url: '/v1/recommendations',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
    await expectProblem(response, { status: 400, code: 'bad_request', field });
  });

  test.each([
    ['{"pins": [', 'application/json', 400, 'bad_request', 'body'],
    ['', 'application/json', 400, 'bad_request', 'body'],
    ['pins=1', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type', 'content-type'],
    [`{"pins": ["${'x'.repeat(1 << 20)}"]}`, 'application/json', 413, 'payload_too_large', 'body'],
    ['{"pins": ["pin-1"], "__proto__": {"x": 1}}', 'application/json', 400, 'bad_request', '__proto__'],
    ['{"pins": ["pin-1"], "constructor": {"prototype": 1}}', 'application/json', 400, 'bad_request', 'constructor'],
    ['{"user": "bob", "filters": {"__proto__": {}}}', 'application/json', 400, 'bad_request', 'filters.__proto__'],
  ])('refuses the payload %.20s of type %s', async (payload, type, status, code, field) => {
    const headers = { 'content-type': type };
    const response = await app.inject({ method: 'POST', url: '/v1/recommendations', headers, payload });
    await expectProblem(response, { status, code, field });
  });

  test.each([
    ['{"pins": ["pin-1"], "__proto__": {"x": 1}}', 'There is no parameter "__proto__" here.'],
    ['{"pins": ["pin-1"], "limit": 1e400}', 'limit is beyond the range of numbers.'],
    [
      '{"pins": ["pin-1"], "bias": {"prefer": {}, "strength": -1e999}}',
      'bias.strength is beyond the range of numbers.',
    ],
  ])('says what is wrong with %s', async (payload, detail) => {
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/v1/recommendations', headers, payload });
    expect(response.json().detail).toBe(detail);
  });
});

describe('the rest of the API', () => {
  test('finds pins by text, and asks for the text', async () => {
    const { results } = (await get('/v1/search?q=pin-2&limit=3')).json();
    expect(results.map((hit: { pin_id: string }) => hit.pin_id)).toEqual(['pin-2', 'pin-20', 'pin-21']);
    await expectProblem(await get('/v1/search'), { status: 400, code: 'bad_request', field: 'q' });
    await expectProblem(await get('/v1/search?q='), { status: 400, code: 'bad_request', field: 'q' });
  });

  test('gives a vector of the dimension it states', async () => {
    const body = (await get('/v1/pins/pin-3/embedding')).json();
    expect(body).toMatchObject({ dimension: 4, metric: 'cosine', embedding: [1, 0, 0, 0] });
  });

  test('gives the training log and the comparison', async () => {
    const body = (await get('/v1/training')).json();
    expect(body.epochs).toEqual(report.epochs);
    expect(body.evaluation).toEqual(report.evaluation);
  });

  test('counts what is served, and offers places to start', async () => {
    const { counts, examples } = (await get('/v1/about')).json();
    expect(counts).toEqual({ pins: 44, boards: 12, edges: service.graph.topology.pins.neighbours.length, users: 2 });
    expect(examples.pins[0].boards).toBeGreaterThanOrEqual(examples.pins[1].boards);
  });

  test.each(['/nowhere', '/v1/pins', '/v1/pins/a/b/c', '/assets/nothing.js'])(
    'answers the unknown route %s with a problem',
    async (url) => {
      await expectProblem(await get(url), { status: 404, code: 'unknown_route', field: 'path' });
    },
  );

  test('describes each route in /openapi.json', async () => {
    const { openapi, paths } = (await get('/openapi.json')).json();
    expect(openapi).toMatch(/^3\./);
    for (const route of ['/v1/pins/{id}/related', '/v1/recommendations', '/v1/users/{id}/homefeed', '/readyz'])
      expect(Object.keys(paths)).toContain(route);
    expect((await get('/docs/')).statusCode).toBe(200);
  });

  test('describes answers as they are, with names for programs that are made from it', async () => {
    const document = (await get('/openapi.json')).json();
    const { schemas } = document.components;
    /** A schema with what it refers to in the references' place. */
    const whole = (part: unknown): unknown => {
      if (Array.isArray(part)) return part.map(whole);
      if (typeof part !== 'object' || part === null) return part;
      const { $ref } = part as { $ref?: string };
      if ($ref !== undefined) return whole(schemas[$ref.replace('#/components/schemas/', '')]);
      return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, whole(value)]));
    };
    const operations = Object.values<Record<string, any>>(document.paths).flatMap((methods) => Object.values(methods));
    const names = operations.map(({ operationId }) => operationId);
    expect(names).toEqual(expect.arrayContaining(['relatedPins', 'recommend', 'homefeed', 'removeEdges', 'isReady']));
    expect(new Set(names).size).toBe(operations.length);
    for (const { operationId, responses } of operations) {
      expect(responses[200].content['application/json'].schema, operationId).toEqual({ $ref: expect.any(String) });
      const { 200: _, ...errors } = responses;
      for (const error of Object.values<{ content: object }>(errors))
        expect(error.content).toEqual({
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        });
      if (operationId !== 'isLive') expect(errors).toMatchObject({ [operationId === 'isReady' ? '503' : '5XX']: {} });
    }
    expect(schemas.RecommendationRequest.required ?? []).not.toContain('limit');
    expect(document.paths['/v1/search'].get.parameters).toContainEqual(
      expect.objectContaining({ name: 'limit', required: false }),
    );
    for (const [route, url] of [
      ['/v1/pins/{id}/related', '/v1/pins/pin-1/related'],
      ['/v1/pins/{id}', '/v1/pins/pin-1'],
      ['/v1/pins/{id}/neighbourhood', '/v1/pins/pin-1/neighbourhood'],
      ['/v1/boards/{id}', '/v1/boards/board-1'],
      ['/v1/search', '/v1/search?q=pin'],
      ['/v1/about', '/v1/about'],
      ['/v1/training', '/v1/training'],
      ['/readyz', '/readyz'],
    ]) {
      const { schema } = document.paths[route].get.responses[200].content['application/json'];
      const check = Compile(whole(schema) as object);
      expect([...check.Errors((await get(url)).json())], url).toEqual([]);
    }
    const check = Compile(whole(schemas.Problem) as object);
    expect([...check.Errors((await get('/v1/pins/nope')).json())]).toEqual([]);
  });

  test('measures requests by route, never by id', async () => {
    await get('/v1/pins/pin-1/related');
    const text = (await get('/metrics')).body;
    expect(text).toContain('boardwalk_http_request_duration_seconds_count{method="GET",route="/v1/pins/:id/related"');
    expect(text).toContain('boardwalk_model_info{model_id="cooccurrence"');
    expect(text).not.toContain('pin-1');
  });
});

describe('images', () => {
  test.each([
    [null, false],
    ['https://pictures.example/a.png', true],
  ])('from elsewhere are let in only where pins have any: %s', async (image, allowed) => {
    const pictured = await buildApp(cooccurrenceService(graphWith(image)), quiet);
    const policy = String((await pictured.inject('/')).headers['content-security-policy']);
    expect(policy.includes("img-src 'self' data: https:")).toBe(allowed);
    expect((await pictured.inject('/v1/pins/a')).json().image).toBe(image);
    await pictured.close();
  });
});

describe('limits', () => {
  test('on requests answer 429 with a problem once they are passed', async () => {
    const limited = await buildApp(service, { ...quiet, rateLimit: 2 });
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await limited.inject('/v1/search?q=pin'));
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 429]);
    await expectProblem(answers[2], { status: 429, code: 'rate_limited', field: null });
    expect((await limited.inject('/livez')).statusCode).toBe(200);
    await limited.close();
  });

  test('on waiting turn recommendations away while there are too many, and nothing else', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const slow: typeof service = {
      ...service,
      recommend: (request) => {
        vi.advanceTimersByTime(2_000);
        return service.recommend(request);
      },
    };
    const busy = await buildApp(slow, { ...quiet, longestWait: 3_000 });
    const ended: string[] = [];
    const statusOf = async (url: string): Promise<number> => {
      const { statusCode } = await busy.inject(url);
      ended.push(url);
      return statusCode;
    };
    const related = '/v1/pins/pin-1/related';
    const burst = Array.from({ length: 5 }, () => statusOf(related));
    const cheap = ['/livez', '/metrics', '/v1/pins/pin-1'].map(statusOf);
    expect(await Promise.all(cheap)).toEqual([200, 200, 200]);
    expect(ended.filter((url) => url === related).length).toBeLessThan(2);
    expect(await Promise.all(burst)).toEqual([200, 200, 503, 503, 503]);
    await expectProblem(await busy.inject('/readyz'), { status: 503, code: 'not_ready', field: null });
    vi.advanceTimersByTime(1_000);
    expect(await statusOf('/readyz')).toBe(200);
    expect(await statusOf(related)).toBe(200);
    await busy.close();
    vi.useRealTimers();
  });

  test('an error inside the recommender is a 500 that keeps its message to the log', async () => {
    const broken = await buildApp({ ...service, recommend: failing }, quiet);
    const response = await broken.inject('/v1/pins/pin-1/related');
    await expectProblem(response, { status: 500, code: 'internal', field: null });
    expect(response.body).not.toContain('secret');
    await broken.close();
  });
});
