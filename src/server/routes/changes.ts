import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { Static } from 'typebox';
import { isoMilliseconds } from '../../data/iso-time.js';
import { BoardwalkError } from '../../errors.js';
import type { EdgeBatch } from '../../graph/live/batches.js';
import type { LiveGraph } from '../../graph/live/live-graph.js';
import { BoardsBody, ChangesReply, EdgesBody, PinsBody } from '../schemas/changes.js';
import { IdParameter, NoQuery } from '../schemas/parameters.js';
import { problemResponses } from '../schemas/problem.js';
import type { RouteContext } from './route-context.js';

type Edges = Static<typeof EdgesBody>['edges'];

function batchOf(edges: Edges): EdgeBatch {
  const timeOf = (text: string | undefined, row: number): number => {
    const time = text === undefined ? Number.NaN : isoMilliseconds(text);
    if (text !== undefined && Number.isNaN(time))
      throw new BoardwalkError(
        'bad_request',
        `edges[${row}].added_at is no ISO 8601 date. Write it as 2024-01-31 or 2024-01-31T12:00:00Z.`,
        {
          field: `edges[${row}].added_at`,
        },
      );
    return time;
  };
  return {
    boardIds: edges.map(({ board_id }) => board_id),
    pinIds: edges.map(({ pin_id }) => pin_id),
    addedAt: edges.map(({ added_at }, row) => timeOf(added_at, row)),
    weight: edges.map(({ weight }) => weight ?? Number.NaN),
  };
}

/** Changes of the graph. Each is answered once it is on the disk and walked; sent again, it changes nothing. */
export const changeRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { service, readOnly, catalogue, envelope } = context;

  const live = (): LiveGraph => {
    if (service.live) return service.live;
    throw new BoardwalkError('read_only', readOnly ?? 'This server does not change its graph.');
  };
  const response = { 200: ChangesReply, ...problemResponses };
  const tags = ['changes'];

  app.post(
    '/edges',
    {
      schema: {
        operationId: 'addEdges',
        tags,
        summary: 'Add edges, with their pins and boards where those are new',
        body: EdgesBody,
        response,
      },
    },
    async (request) => ({ ...envelope(request), ...(await live().addEdges(batchOf(request.body.edges))) }),
  );

  app.delete(
    '/edges',
    {
      schema: {
        operationId: 'removeEdges',
        tags,
        summary: 'Remove edges; their pins and boards stay',
        body: EdgesBody,
        response,
      },
    },
    async (request) => ({ ...envelope(request), ...(await live().removeEdges(batchOf(request.body.edges))) }),
  );

  app.post(
    '/pins',
    {
      schema: {
        operationId: 'addPins',
        tags,
        summary: 'Add pins, or set attributes of those that there are',
        body: PinsBody,
        response,
      },
    },
    async (request) => {
      const rows = request.body.pins.map(({ pin_id, ...cells }) => ({ id: pin_id, ...cells }));
      return { ...envelope(request), ...(await live().addPins(rows)) };
    },
  );

  app.post(
    '/boards',
    {
      schema: {
        operationId: 'addBoards',
        tags,
        summary: 'Add boards, or set attributes of those that there are',
        body: BoardsBody,
        response,
      },
    },
    async (request) => {
      const rows = request.body.boards.map(({ board_id, ...cells }) => ({ id: board_id, ...cells }));
      return { ...envelope(request), ...(await live().addBoards(rows)) };
    },
  );

  const removal = (operationId: string, summary: string) => ({
    schema: { operationId, tags, summary, params: IdParameter, querystring: NoQuery, response },
  });

  app.delete(
    '/pins/:id',
    removal('removePin', 'Remove a pin with its edges and attributes; `boardwalk compact` then takes it off the disk'),
    async (request) => {
      const graph = live();
      catalogue.pinIndex(request.params.id);
      return { ...envelope(request), ...(await graph.removePins([request.params.id])) };
    },
  );

  app.delete(
    '/boards/:id',
    removal(
      'removeBoard',
      'Remove a board with its edges and attributes; `boardwalk compact` then takes it off the disk',
    ),
    async (request) => {
      const graph = live();
      catalogue.boardIndex(request.params.id);
      return { ...envelope(request), ...(await graph.removeBoards([request.params.id])) };
    },
  );
  done();
};
