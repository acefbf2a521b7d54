import type { FastifyInstance } from 'fastify';

/** Observable Plot's own style element for the class `chart`: the only inline style that may apply. */
const chartStyleHash = 'sha256-zrfVyvY1E/5V+DXZunsRZW8XTqTsuIZzp8dBDThhSn8=';

export interface SecurityOptions {
  /** Pins carry the addresses of their images, which lie elsewhere. */
  readonly remoteImages: boolean;
}

/** Everything comes from this server: no script, style, font or connection elsewhere; images only where pins have any. */
function contentSecurityPolicy({ remoteImages }: SecurityOptions): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' '${chartStyleHash}'`,
    `img-src 'self' data:${remoteImages ? ' https: http:' : ''}`,
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export function securityHeaders(options: SecurityOptions): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(options),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  };
}

/** Sets them on arrival, so that a plugin with a stricter need of its own may still replace one. */
export function setSecurityHeaders(app: FastifyInstance, headers: Record<string, string>): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
}
