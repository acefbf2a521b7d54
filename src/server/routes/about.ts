import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { edgeCount } from '../../graph/graph.js';
import { AboutReply } from '../schemas/catalogue.js';
import { NoQuery } from '../schemas/parameters.js';
import { problemResponses } from '../schemas/problem.js';
import { TrainingReply } from '../schemas/training.js';
import type { RouteContext } from './route-context.js';

export const aboutRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { service, report, catalogue, envelope } = context;
  const { graph } = service;
  const about = {
    graph_id: graph.id,
    counts: {
      pins: graph.pins.size,
      boards: graph.boards.size,
      edges: edgeCount(graph),
      users: catalogue.userCount,
    },
  };
  // Chosen once, for that takes a look at every node; told anew each time.
  const chosen = {
    pins: catalogue.mostSavedPins(24).map(({ pin_id }) => pin_id),
    boards: catalogue.browsableBoards(8).map(({ board_id }) => board_id),
    users: catalogue.busiestUsers(8).map(({ user_id }) => user_id),
  };

  app.get(
    '/about',
    {
      schema: {
        operationId: 'about',
        tags: ['service'],
        summary: 'What is being served, with places to start from',
        querystring: NoQuery,
        response: { 200: AboutReply, ...problemResponses },
      },
    },
    async (request) => {
      const examples = {
        pins: chosen.pins.filter((id) => catalogue.hasPin(id)).map((id) => catalogue.pin(catalogue.pinIndex(id))),
        boards: chosen.boards
          .filter((id) => catalogue.hasBoard(id))
          .map((id) => catalogue.board(catalogue.boardIndex(id))),
        users: chosen.users
          .map((user_id) => ({ user_id, boards: catalogue.boardsOfUser(user_id).length }))
          .filter(({ boards }) => boards > 0),
      };
      return { ...envelope(request), ...about, examples };
    },
  );

  app.get(
    '/training',
    {
      schema: {
        operationId: 'training',
        tags: ['service'],
        summary: "The model's training log and its comparison with baselines",
        querystring: NoQuery,
        response: { 200: TrainingReply, ...problemResponses },
      },
    },
    async (request) => ({
      ...envelope(request),
      epochs: [...(report.epochs ?? [])],
      evaluation: report.evaluation,
    }),
  );
  done();
};
