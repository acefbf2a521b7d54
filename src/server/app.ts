import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { version } from '../package-root.js';
import { Catalogue } from './catalogue.js';
import { type ServerOptions, serverDefaults } from './options.js';
import { describeApi } from './plugins/documentation.js';
import { readJsonBodies } from './plugins/json-bodies.js';
import { exposeMetrics } from './plugins/metrics.js';
import { answerWithProblems, sendProblem } from './plugins/problems.js';
import { securityHeaders, setSecurityHeaders } from './plugins/security-headers.js';
import { problemOf } from './problem.js';
import { aboutRoutes } from './routes/about.js';
import { boardRoutes } from './routes/boards.js';
import { changeRoutes } from './routes/changes.js';
import { healthRoutes } from './routes/health.js';
import { pageRoutes } from './routes/page.js';
import { pinRoutes } from './routes/pins.js';
import { recommendationRoutes } from './routes/recommendations.js';
import { userRoutes } from './routes/users.js';
import { noReport, type RecommendationService, type TrainingReport } from './service.js';
import { Turns } from './turns.js';
import { validatorCompiler } from './validation.js';
import { withDefaults } from '../with-defaults.js';

/** An id of 500 bytes is 1,500 characters once each byte is percent-encoded; the default refuses 101. */
const maxParamLength = 8_192;

export interface AppOptions extends Partial<ServerOptions> {
  report?: TrainingReport;
  /** Why the graph takes no changes, for those who send some. */
  readOnly?: string;
}

/** The API and the page over a recommender, ready to listen or to be asked without a port. */
export async function buildApp(
  service: RecommendationService,
  { report = noReport, readOnly, ...options }: AppOptions = {},
): Promise<FastifyInstance> {
  const { logLevel, bodyLimit, rateLimit: perMinute, longestWait } = withDefaults(serverDefaults, options);
  const headers = securityHeaders({ remoteImages: service.graph.pinAttributes.names.includes('image') });
  const app = fastify({
    logger: logLevel === 'silent' ? false : { level: logLevel, stream: process.stderr },
    genReqId: () => randomUUID(),
    bodyLimit,
    routerOptions: { maxParamLength },
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) =>
      void sendProblem(request, reply.headers(headers), problemOf(error), service.modelId),
  }).withTypeProvider<TypeBoxTypeProvider>();

  readJsonBodies(app);
  app.setValidatorCompiler(validatorCompiler);
  answerWithProblems(app, service.modelId);
  setSecurityHeaders(app, headers);
  if (perMinute > 0) await app.register(rateLimit, { max: perMinute, timeWindow: '1 minute' });
  await describeApi(app, version());
  exposeMetrics(app, service);

  const envelope = (request: FastifyRequest) => ({ request_id: request.id, model_id: service.modelId });
  const { live } = service;
  const catalogue = new Catalogue(service.graph, live && (() => live.view));
  const turns = new Turns(app.server, longestWait);
  const context = { service, report, catalogue, turns, readOnly, envelope };
  await app.register(healthRoutes, context);
  for (const routes of [pinRoutes, boardRoutes, userRoutes, recommendationRoutes, changeRoutes, aboutRoutes])
    await app.register(routes, { ...context, prefix: '/v1' });
  await app.register(pageRoutes);
  return app;
}
