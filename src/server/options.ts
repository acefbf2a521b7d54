export interface ServerOptions {
  /** Least level of the log lines on stderr. */
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Requests a minute that one address may make; 0 lifts the limit. */
  rateLimit: number;
  /** Largest request body, in bytes. */
  bodyLimit: number;
  /** Milliseconds that a request for recommendations waits for those before it, past which it gets a 503; 0 sets no end. */
  longestWait: number;
  /** Milliseconds that requests in flight get to finish after a signal to stop. */
  shutdownGrace: number;
}

export const serverDefaults: ServerOptions = {
  logLevel: 'warn',
  rateLimit: 30_000,
  bodyLimit: 1 << 20,
  longestWait: 3_000,
  shutdownGrace: 10_000,
};
