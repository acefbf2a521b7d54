import type { FastifyRequest } from 'fastify';
import type { Catalogue } from '../catalogue.js';
import type { Envelope } from '../schemas/envelope.js';
import type { RecommendationService, TrainingReport } from '../service.js';
import type { Turns } from '../turns.js';

/** What every group of routes is given. */
export interface RouteContext {
  readonly service: RecommendationService;
  readonly report: TrainingReport;
  readonly catalogue: Catalogue;
  /** Routes that compute wait in them. */
  readonly turns: Turns;
  /** Why the graph takes no changes, where the service has none to change. */
  readonly readOnly: string | undefined;
  /** The fields that every answer carries; the request's id is the one in the log. */
  readonly envelope: (request: FastifyRequest) => Envelope;
}
