import fastify, { type FastifyInstance } from 'fastify';
import { Agent, request } from 'node:http';
import { random } from '../src/random.js';
import { buildApp } from '../src/server/app.js';
import { servedRecommender } from './fixtures/served-recommender.js';

export interface ServeBenchmarkOptions {
  /** Requests of one round, after a warm-up of a fifth as many. */
  requests: number;
  rounds: number;
  /** Connections kept open at once. */
  connections: number;
}

const defaults: ServeBenchmarkOptions = { requests: 600, rounds: 3, connections: 8 };

interface Round {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

function get(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(bytes) : reject(new Error(`${url} answered ${response.statusCode}`)),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** A closed loop: each connection asks again as soon as it is answered. */
async function round(urlOf: (i: number) => string, requests: number, connections: number): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let next = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (next < requests) {
      const url = urlOf(next++);
      const asked = performance.now();
      await get(url, agent);
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return { perSecond: requests / seconds, p50: at(0.5), p99: at(0.99) };
}

async function listening(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 });
}

/**
 * Related pins over loopback, client and server in one process, against a bare Fastify route that returns a
 * ready text of the same length; the two take turns, so that both see the same machine.
 */
export async function run(
  options: Partial<ServeBenchmarkOptions> = {},
): Promise<{ ratios: Record<string, number>; figures: Record<string, number | string> }> {
  const { requests, rounds, connections } = { ...defaults, ...options };
  const recommender = await servedRecommender();
  const app = await buildApp(recommender, { logLevel: 'silent', rateLimit: 0, longestWait: 0 });
  const bare = fastify();
  const { pins } = recommender.graph;
  const drawn = random(17);
  const asked = Array.from({ length: requests }, () => encodeURIComponent(pins.id(drawn.below(pins.size))));
  const canned = (await app.inject(`/v1/pins/${asked[0]}/related?limit=20`)).body;
  bare.get('/canned', (_request, reply) => reply.type('application/json').send(canned));

  const ours = await listening(app);
  const theirs = await listening(bare);
  const related = (i: number): string => `${ours}/v1/pins/${asked[i]}/related?limit=20`;
  const reference = (): string => `${theirs}/canned`;
  const measured: { related: Round; bare: Round }[] = [];
  try {
    for (const urlOf of [related, reference]) await round(urlOf, Math.ceil(requests / 5), connections);
    for (let i = 0; i < rounds; i++) {
      measured.push({
        related: await round(related, requests, connections),
        bare: await round(reference, requests, connections),
      });
    }
  } finally {
    await app.close();
    await bare.close();
  }
  // The best round of each is the one that other work on the machine disturbed least.
  const best = (name: 'related' | 'bare'): Round =>
    measured.map((pair) => pair[name]).reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
  const [relatedBest, bareBest] = [best('related'), best('bare')];
  return {
    ratios: { related_to_bare_fastify: relatedBest.perSecond / bareBest.perSecond },
    figures: {
      related_per_second: relatedBest.perSecond,
      related_p50_ms: relatedBest.p50,
      related_p99_ms: relatedBest.p99,
      bare_per_second: bareBest.perSecond,
      bare_p50_ms: bareBest.p50,
      bare_p99_ms: bareBest.p99,
      response_bytes: canned.length,
      pins: pins.size,
      connections,
      requests,
      rounds,
    },
  };
}
