import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { pageOf } from '../cursor.js';
import { BoardReply } from '../schemas/catalogue.js';
import { IdParameter, NoQuery, PageQuery } from '../schemas/parameters.js';
import { problemResponses } from '../schemas/problem.js';
import { RecommendationsReply } from '../schemas/recommendation.js';
import type { RouteContext } from './route-context.js';

const pinsShown = 60;

export const boardRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { service, catalogue, turns, envelope } = context;

  app.get(
    '/boards/:id/more',
    {
      preHandler: turns.wait,
      schema: {
        operationId: 'moreForBoard',
        tags: ['recommendations'],
        summary: 'More ideas for a board',
        params: IdParameter,
        querystring: PageQuery,
        response: { 200: RecommendationsReply, ...problemResponses },
      },
    },
    async (request) => {
      const { id } = request.params;
      catalogue.boardIndex(id);
      return { ...(await pageOf(service, { boards: [id] }, request.query)), ...envelope(request) };
    },
  );

  app.get(
    '/boards/:id',
    {
      schema: {
        operationId: 'board',
        tags: ['catalogue'],
        summary: 'A board, its attributes and its pins',
        params: IdParameter,
        querystring: NoQuery,
        response: { 200: BoardReply, ...problemResponses },
      },
    },
    async (request) => {
      const board = catalogue.boardIndex(request.params.id);
      return {
        ...envelope(request),
        board_id: request.params.id,
        ...catalogue.boardAttributes(board),
        pin_count: catalogue.sizeOf(board),
        pins: catalogue.mostSavedPinsOf(board, pinsShown),
      };
    },
  );
  done();
};
