export interface ServerOptions {
  /** Least level of the log lines on stderr. */
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Requests a minute that one address may make; 0 lifts the limit. */
  rateLimit: number;
  /** Largest request body, in bytes. */
  bodyLimit: number;
  /** Milliseconds of event loop delay past which requests are turned away with 503; 0 never does. */
  maxEventLoopDelay: number;
  /** Milliseconds that requests in flight get to finish after a signal to stop. */
  shutdownGrace: number;
}

export const serverDefaults: ServerOptions = {
  logLevel: 'warn',
  rateLimit: 30_000,
  bodyLimit: 1 << 20,
  maxEventLoopDelay: 3_000,
  shutdownGrace: 10_000,
};
