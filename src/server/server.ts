import type { FastifyInstance } from 'fastify';
import { BoardwalkError } from '../errors.js';
import { type AppOptions, buildApp } from './app.js';
import { serverDefaults } from './options.js';
import type { RecommendationService } from './service.js';
import { withDefaults } from '../with-defaults.js';

export interface ListenOptions extends AppOptions {
  port: number;
  host: string;
}

export interface Listening {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly port: number;
  /** Settles once a signal, or `app.close()`, has stopped the server. */
  readonly closed: Promise<void>;
}

/** Ports tried after the one asked for; then any that is free. */
const portsTried = 20;

/** What the system says of a host that is none of this machine. */
const notHere = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT', 'EINVAL']);

function taken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES';
}

/** @throws BoardwalkError `bad_option` where the host is none of this machine */
async function listenSomewhere(app: FastifyInstance, host: string, port: number): Promise<void> {
  const ports = port === 0 ? [0] : [...Array.from({ length: portsTried }, (_, step) => port + step), 0];
  for (const candidate of ports.filter((value) => value <= 65_535)) {
    try {
      await app.listen({ host, port: candidate });
      return;
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (notHere.has(code))
        throw new BoardwalkError(
          'bad_option',
          `--host ${host} is no address of this machine (${message}). Give one, 127.0.0.1 or 0.0.0.0.`,
          { field: 'host' },
          { cause: error },
        );
      if (!taken(error) || candidate === 0) throw error;
    }
  }
}

/** Closes on the first SIGTERM or SIGINT once requests in flight are answered, or when their time is up. */
function closeOnSignals(app: FastifyInstance, grace: number): void {
  const stop = (): void => {
    setTimeout(() => app.server.closeAllConnections(), grace).unref();
    void app.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, stop);
    app.addHook('onClose', async () => void process.removeListener(signal, stop));
  }
}

/** The search index is made on first use, which would keep the first visitor waiting. */
async function warmUp(service: RecommendationService): Promise<void> {
  await service.search('a', 1);
}

/** Serves on the port asked for, or on another where that one is taken. */
export async function listen(service: RecommendationService, options: ListenOptions): Promise<Listening> {
  const { shutdownGrace } = withDefaults(serverDefaults, options);
  const app = await buildApp(service, options);
  const closed = new Promise<void>((resolve) => {
    app.addHook('onClose', async () => resolve());
  });
  closeOnSignals(app, shutdownGrace);
  await warmUp(service);
  try {
    await listenSomewhere(app, options.host, options.port);
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { app, url: `http://${host}:${port}/`, port, closed };
}
