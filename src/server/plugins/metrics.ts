import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { edgeCount } from '../../graph/graph.js';
import type { RecommendationService } from '../service.js';

/** /metrics in Prometheus' text format: request durations by route, the model and the graph being served. */
export function exposeMetrics(app: FastifyInstance, service: RecommendationService): void {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'boardwalk_http_request_duration_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const results = new Histogram({
    name: 'boardwalk_recommendations_returned',
    help: 'Results in one answer.',
    labelNames: ['route'],
    buckets: [0, 1, 5, 10, 20, 50, 100, 200, 500],
    registers,
  });
  new Gauge({
    name: 'boardwalk_model_info',
    help: 'The model being served; always 1.',
    labelNames: ['model_id', 'graph_id'],
    registers,
  }).set({ model_id: service.modelId, graph_id: service.graph.id }, 1);
  new Gauge({ name: 'boardwalk_graph_pins', help: 'Pins in the graph.', registers }).set(service.graph.pins.size);
  new Gauge({ name: 'boardwalk_graph_boards', help: 'Boards in the graph.', registers }).set(service.graph.boards.size);
  new Gauge({ name: 'boardwalk_graph_edges', help: 'Saves in the graph.', registers }).set(edgeCount(service.graph));

  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  app.addHook('preSerialization', async (request, _reply, payload) => {
    const list = (payload as { results?: unknown } | null)?.results;
    if (Array.isArray(list)) results.observe({ route: request.routeOptions.url ?? 'unknown' }, list.length);
    return payload;
  });
  app.get('/metrics', { schema: { hide: true }, config: { rateLimit: false } }, async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
}
