import type { FastifyPluginCallback } from 'fastify';
import { problem } from '../problem.js';
import { sendProblem } from '../plugins/problems.js';
import { HealthReply } from '../schemas/health.js';
import { problemResponse } from '../schemas/problem.js';
import type { RouteContext } from './route-context.js';

/** /livez: the process runs. /readyz: it should be sent requests; not while it stops or turns others away. */
export const healthRoutes: FastifyPluginCallback<RouteContext> = (app, { service, turns, envelope }, done) => {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
  });
  const config = { rateLimit: false };

  app.get(
    '/livez',
    {
      config,
      schema: {
        operationId: 'isLive',
        tags: ['service'],
        summary: 'Whether the process runs',
        response: { 200: HealthReply },
      },
    },
    async (request) => ({
      ...envelope(request),
      status: 'live',
    }),
  );

  app.get(
    '/readyz',
    {
      config,
      schema: {
        operationId: 'isReady',
        tags: ['service'],
        summary: 'Whether to send requests here',
        response: { 200: HealthReply, 503: problemResponse },
      },
    },
    async (request, reply) => {
      if (stopping || turns.overloaded)
        return sendProblem(request, reply, problem(503, 'not_ready', 'Not taking requests now.'), service.modelId);
      return { ...envelope(request), status: 'ready' };
    },
  );
  done();
};
