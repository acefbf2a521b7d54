import type { FastifyInstance } from 'fastify';

/** Reads JSON bodies. Clients that name the type on every request send none to a route that has none, as with DELETE. */
export function readJsonBodies(app: FastifyInstance): void {
  // The routes' schemas refuse `__proto__` and `constructor` as any name that they do not know, and say so.
  const parse = app.getDefaultJsonParser('ignore', 'ignore');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '' && request.routeOptions.schema?.body === undefined) done(null);
    else parse(request, body as string, done);
  });
}
