import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, problem, problemMediaType, problemOf } from '../problem.js';

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  body: Problem,
  modelId: string,
): FastifyReply {
  return reply
    .code(body.status)
    .type(problemMediaType)
    .serializer(JSON.stringify)
    .send({ ...body, request_id: request.id, model_id: modelId });
}

/** Answers every error, and every unknown route, with problem+json. */
export function answerWithProblems(app: FastifyInstance, modelId: string): void {
  app.setErrorHandler((error, request, reply) => {
    const body = problemOf(error);
    if (body.status >= 500 && body.code === 'internal') request.log.error(error);
    return sendProblem(request, reply, body, modelId);
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `There is nothing at ${request.method} ${request.url.slice(0, 200)}. The routes are listed at /docs.`;
    return sendProblem(request, reply, problem(404, 'unknown_route', detail, 'path'), modelId);
  });
}
