import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** The API's description at /openapi.json, made from the routes' own schemas, and readable at /docs. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Boardwalk',
        version,
        description: 'Recommendations over a graph of pins and boards. Errors are application/problem+json.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'recommendations', description: 'Ranked pins, each with its sources and reasons.' },
        { name: 'catalogue', description: 'What the graph says about a pin, a board or a user.' },
        { name: 'service', description: 'The model and its health.' },
      ],
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP:
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    theme: { title: 'Boardwalk API' },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
