import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

type Schemas = Record<string, unknown>;

/** A part of the description with each object schema that has a title in `schemas`, and a reference in its place. */
function hoisted(part: unknown, schemas: Schemas): unknown {
  if (Array.isArray(part)) return part.map((item) => hoisted(item, schemas));
  if (typeof part !== 'object' || part === null) return part;
  const { title, ...rest } = Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, hoisted(value, schemas)]),
  );
  // A property may bear the name too; its value is a schema then.
  if (typeof title !== 'string' || rest.type !== 'object') return title === undefined ? rest : { title, ...rest };
  schemas[title] = rest;
  return { $ref: `#/components/schemas/${title}` };
}

function withNamedSchemas<Description extends { paths?: unknown; components?: object }>(
  made: Description,
): Description {
  const schemas: Schemas = {};
  const paths = hoisted(made.paths, schemas);
  return { ...made, paths, components: { ...made.components, schemas } };
}

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
        { name: 'changes', description: 'Edges, pins and boards that come and go while the graph is served.' },
        { name: 'service', description: 'The model and its health.' },
      ],
    },
    // Programs that are made from the description name their types after these.
    transformObject: (made) => ('openapiObject' in made ? withNamedSchemas(made.openapiObject) : made.swaggerObject),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP:
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    theme: { title: 'Boardwalk API' },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
