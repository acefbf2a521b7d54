import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { BoardwalkError } from '../../errors.js';
import { SearchQuery } from '../schemas/parameters.js';
import { problemResponses } from '../schemas/problem.js';
import { RecommendationsBody, RecommendationsReply, SearchReply } from '../schemas/recommendation.js';
import type { RouteContext } from './route-context.js';

export const recommendationRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { service, catalogue, turns, envelope } = context;

  app.post(
    '/recommendations',
    {
      preHandler: turns.wait,
      schema: {
        operationId: 'recommend',
        tags: ['recommendations'],
        summary: 'Recommendations for any mix of pins, boards and a user',
        body: RecommendationsBody,
        response: { 200: RecommendationsReply, ...problemResponses },
      },
    },
    async (request) => {
      const { pins = [], boards = [], user } = request.body;
      if (pins.length + boards.length === 0 && user === undefined)
        throw new BoardwalkError('bad_request', 'Name at least one of pins, boards and user.', { field: 'pins' });
      return { ...(await service.recommend(request.body)), ...envelope(request) };
    },
  );

  app.get(
    '/search',
    {
      preHandler: turns.wait,
      schema: {
        operationId: 'search',
        tags: ['recommendations'],
        summary: 'Pins by their words',
        querystring: SearchQuery,
        response: { 200: SearchReply, ...problemResponses },
      },
    },
    async (request) => {
      const { q, limit } = request.query;
      const found = (await service.search(q, limit)).filter((hit) => hit.pin_id !== q);
      // An id of signs alone has no words to be found by, so the id itself is looked up too.
      const hits = catalogue.hasPin(q)
        ? [{ pin_id: q, title: catalogue.pin(catalogue.pinIndex(q)).title, score: 1 }, ...found]
        : found;
      const results = hits.slice(0, limit).map(({ pin_id, title, score }) => ({
        pin_id,
        title,
        score,
        boards: catalogue.savesOf(catalogue.pinIndex(pin_id)),
      }));
      return { ...envelope(request), results };
    },
  );
  done();
};
