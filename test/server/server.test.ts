import { createServer } from 'node:net';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { listen } from '../../src/server/server.js';
import { cooccurrenceService } from './cooccurrence-service.js';

const quiet = { logLevel: 'silent', rateLimit: 0, longestWait: 0, host: '127.0.0.1' } as const;
const service = cooccurrenceService();

/** A promise with its key outside. */
function gate(): { open: () => void; opened: Promise<void> } {
  const keys: (() => void)[] = [];
  const opened = new Promise<void>((resolve) => {
    keys.push(resolve);
  });
  return { open: keys[0], opened };
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

test('another port is taken where the one asked for is in use, and the address says which', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => {
    holder.listen(0, '127.0.0.1', resolve);
  });
  const { port: held } = holder.address() as { port: number };
  const listening = await listen(service, { ...quiet, port: held });
  expect(listening.port).not.toBe(held);
  expect(listening.url).toBe(`http://127.0.0.1:${listening.port}/`);
  expect(await statusOf(`${listening.url}livez`)).toBe(200);
  await listening.app.close();
  holder.close();
});

test('a host that is none of this machine is refused by its flag', async () => {
  const host = '192.0.2.1';
  const before = process.listenerCount('SIGTERM');
  await expect(listen(service, { ...quiet, host, port: 0 })).rejects.toMatchObject({
    code: 'bad_option',
    message: expect.stringContaining(`--host ${host} is no address of this machine`),
    subject: { field: 'host' },
  });
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

test('a signal lets requests in flight finish, then the server is closed', async () => {
  const arrival = gate();
  const release = gate();
  const slow = {
    ...service,
    recommend: async (...asked: Parameters<typeof service.recommend>) => {
      arrival.open();
      await release.opened;
      return service.recommend(...asked);
    },
  };
  const before = process.listenerCount('SIGTERM');
  const listening = await listen(slow, { ...quiet, port: 0 });
  const answer = statusOf(`${listening.url}v1/pins/pin-1/related`);
  await arrival.opened;
  process.emit('SIGTERM');
  release.open();
  expect(await answer).toBe(200);
  await listening.closed;
  await expect(statusOf(`${listening.url}livez`)).rejects.toThrow(/ECONNREFUSED/);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

test('requests that outlast the grace after a signal are cut off, so the server does stop', async () => {
  const arrival = gate();
  const stuck = {
    ...service,
    recommend: () => {
      arrival.open();
      return new Promise<never>(() => {});
    },
  };
  const listening = await listen(stuck, { ...quiet, port: 0, shutdownGrace: 50 });
  const answer = statusOf(`${listening.url}v1/pins/pin-1/related`).catch(() => 'cut off');
  await arrival.opened;
  process.emit('SIGTERM');
  await listening.closed;
  expect(await answer).toBe('cut off');
});
