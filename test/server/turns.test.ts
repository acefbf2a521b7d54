import { fastify } from 'fastify';
import { afterEach, expect, test, vi } from 'vitest';
import { Turns } from '../../src/server/turns.js';

afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['is not computed', 2_000],
  ['does not count as turned away', 4_000],
])('a request whose client has gone %s', async (_, milliseconds) => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const app = fastify();
  const turns = new Turns(app.server, 3_000);
  const computed: string[] = [];
  const leave = async ({ raw }: { raw: { url?: string; socket: object } }): Promise<void> => {
    if (raw.url === '/gone') Object.assign(raw.socket, { destroyed: true });
  };
  app.get('/:client', { onRequest: leave, preHandler: turns.wait }, async ({ url }) => {
    computed.push(url);
    if (url === '/first') vi.advanceTimersByTime(milliseconds);
    return url;
  });
  await app.ready();
  const first = app.inject('/first');
  void app.inject('/gone');
  await first;
  expect((await app.inject('/second')).statusCode).toBe(200);
  expect(computed).toEqual(['/first', '/second']);
  expect(turns.overloaded).toBe(false);
  await app.close();
});
