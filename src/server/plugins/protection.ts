import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from '../options.js';

/** Turns away what one address sends too fast, and everything while the event loop lags. */
export async function protect(
  app: FastifyInstance,
  { rateLimit: max, maxEventLoopDelay }: Pick<ServerOptions, 'rateLimit' | 'maxEventLoopDelay'>,
): Promise<void> {
  await app.register(underPressure, { maxEventLoopDelay, retryAfter: 5 });
  if (max > 0) await app.register(rateLimit, { max, timeWindow: '1 minute' });
}
