import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { edgeCount } from '../../graph/graph.js';
import { AboutReply } from '../schemas/catalogue.js';
import { NoQuery } from '../schemas/parameters.js';
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
    examples: {
      pins: catalogue.mostSavedPins(24),
      boards: catalogue.browsableBoards(8),
      users: catalogue.busiestUsers(8),
    },
  };

  app.get(
    '/about',
    {
      schema: {
        tags: ['service'],
        summary: 'What is being served, with places to start from',
        querystring: NoQuery,
        response: { 200: AboutReply },
      },
    },
    async (request) => {
      const { pins, boards, users } = about.examples;
      const examples = {
        pins: pins.filter(({ pin_id }) => catalogue.hasPin(pin_id)),
        boards: boards.filter(({ board_id }) => catalogue.hasBoard(board_id)),
        users,
      };
      return { ...envelope(request), ...about, examples };
    },
  );

  app.get(
    '/training',
    {
      schema: {
        tags: ['service'],
        summary: "The model's training log and its comparison with baselines",
        querystring: NoQuery,
        response: { 200: TrainingReply },
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
