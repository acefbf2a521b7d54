import type { FastifyPluginCallback } from 'fastify';
import { problem } from '../problem.js';
import { sendProblem } from '../plugins/problems.js';
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
    { config, schema: { tags: ['service'], summary: 'Whether the process runs' } },
    async (request) => ({
      ...envelope(request),
      status: 'live',
    }),
  );

  app.get(
    '/readyz',
    { config, schema: { tags: ['service'], summary: 'Whether to send requests here' } },
    async (request, reply) => {
      if (stopping || turns.overloaded)
        return sendProblem(request, reply, problem(503, 'not_ready', 'Not taking requests now.'), service.modelId);
      return { ...envelope(request), status: 'ready' };
    },
  );
  done();
};
