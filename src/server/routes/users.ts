import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { pageOf } from '../cursor.js';
import { UserReply } from '../schemas/catalogue.js';
import { IdParameter, NoQuery, PageQuery } from '../schemas/parameters.js';
import { problemResponses } from '../schemas/problem.js';
import { RecommendationsReply } from '../schemas/recommendation.js';
import type { RouteContext } from './route-context.js';

const boardsShown = 60;

export const userRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { service, catalogue, turns, envelope } = context;

  app.get(
    '/users/:id/homefeed',
    {
      preHandler: turns.wait,
      schema: {
        operationId: 'homefeed',
        tags: ['recommendations'],
        summary: "A user's homefeed; a stranger gets a fallback that the answer names",
        params: IdParameter,
        querystring: PageQuery,
        response: { 200: RecommendationsReply, ...problemResponses },
      },
    },
    async (request) => ({
      ...(await pageOf(service, { user: request.params.id }, request.query)),
      ...envelope(request),
    }),
  );

  app.get(
    '/users/:id',
    {
      schema: {
        operationId: 'user',
        tags: ['catalogue'],
        summary: "A user's boards; a stranger has none",
        params: IdParameter,
        querystring: NoQuery,
        response: { 200: UserReply, ...problemResponses },
      },
    },
    async (request) => {
      const boards = catalogue.boardsOfUser(request.params.id);
      return {
        ...envelope(request),
        user_id: request.params.id,
        board_count: boards.length,
        boards: catalogue.largestBoardsAmong(boards, boardsShown),
      };
    },
  );
  done();
};
