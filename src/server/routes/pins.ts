import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { vectorOf } from '../../embedding/table.js';
import { BoardwalkError } from '../../errors.js';
import { pageOf } from '../cursor.js';
import { neighbourhood } from '../neighbourhood.js';
import { EmbeddingReply, PinReply } from '../schemas/catalogue.js';
import { NeighbourhoodReply } from '../schemas/neighbourhood.js';
import { IdParameter, LimitQuery, NoQuery, PageQuery } from '../schemas/parameters.js';
import { problemResponses } from '../schemas/problem.js';
import { RecommendationsReply } from '../schemas/recommendation.js';
import type { RouteContext } from './route-context.js';

const boardsShown = 24;
const pinsDrawn = 32;

export const pinRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { service, catalogue, turns, envelope } = context;

  app.get(
    '/pins/:id/related',
    {
      preHandler: turns.wait,
      schema: {
        operationId: 'relatedPins',
        tags: ['recommendations'],
        summary: 'Pins related to a pin',
        params: IdParameter,
        querystring: PageQuery,
        response: { 200: RecommendationsReply, ...problemResponses },
      },
    },
    async (request) => {
      const { id } = request.params;
      catalogue.pinIndex(id);
      return { ...(await pageOf(service, { pins: [id] }, request.query)), ...envelope(request) };
    },
  );

  app.get(
    '/pins/:id/walks',
    {
      preHandler: turns.wait,
      schema: {
        operationId: 'walksFromPin',
        tags: ['recommendations'],
        summary: 'What live walks from a pin visit most, pins included that are newer than the model',
        description: 'The score is the share of the steps that ended at a pin. Only where the graph takes changes.',
        params: IdParameter,
        querystring: LimitQuery,
        response: { 200: RecommendationsReply, ...problemResponses },
      },
    },
    async (request) => {
      const { live, walks } = service;
      if (!live || !walks) throw new BoardwalkError('read_only', 'This server does not walk a graph that changes.');
      return { ...walks.call(service, request.params.id, request.query.limit), ...envelope(request) };
    },
  );

  app.get(
    '/pins/:id',
    {
      schema: {
        operationId: 'pin',
        tags: ['catalogue'],
        summary: 'A pin, its attributes and its boards',
        params: IdParameter,
        querystring: NoQuery,
        response: { 200: PinReply, ...problemResponses },
      },
    },
    async (request) => {
      const pin = catalogue.pinIndex(request.params.id);
      return {
        ...envelope(request),
        pin_id: request.params.id,
        ...catalogue.pinAttributes(pin),
        board_count: catalogue.savesOf(pin),
        boards: catalogue.largestBoardsOf(pin, boardsShown),
      };
    },
  );

  app.get(
    '/pins/:id/embedding',
    {
      schema: {
        operationId: 'pinEmbedding',
        tags: ['service'],
        summary: "A pin's vector",
        description: 'Of a pin that came after the model, it is made now, of its content and boards.',
        params: IdParameter,
        querystring: NoQuery,
        response: { 200: EmbeddingReply, ...problemResponses },
      },
    },
    async (request) => {
      const { table } = service;
      const { id } = request.params;
      const vector = service.vector ? await service.vector(id) : vectorOf(table, catalogue.pinIndex(id));
      return {
        ...envelope(request),
        pin_id: id,
        dimension: table.dimension,
        metric: table.metric,
        embedding: Array.from(vector),
      };
    },
  );

  app.get(
    '/pins/:id/neighbourhood',
    {
      preHandler: turns.wait,
      schema: {
        operationId: 'pinNeighbourhood',
        tags: ['catalogue'],
        summary: 'A pin, the pins related to it and the boards that link them, laid out for drawing',
        params: IdParameter,
        querystring: NoQuery,
        response: { 200: NeighbourhoodReply, ...problemResponses },
      },
    },
    async (request) => {
      const { id } = request.params;
      catalogue.pinIndex(id);
      const { results } = await service.recommend({ pins: [id], limit: pinsDrawn });
      const { graph } = catalogue;
      const related = results.map(({ pin_id }) => graph.pins.indexOf(pin_id)).filter((pin) => pin >= 0);
      return { ...envelope(request), ...neighbourhood(graph, catalogue.pinIndex(id), related) };
    },
  );
  done();
};
