import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import pLimit from 'p-limit';
import { BoardwalkError } from '../errors.js';

/** Seconds after which whoever is turned away may try again. */
const retryAfter = 1;

/** The turns in which requests are computed: each keeps the thread busy, and what else has arrived is answered between two. */
export class Turns {
  readonly #queue = pLimit(1);
  readonly #longestWait: number;
  #connections = 0;
  #turnedAway = Number.NEGATIVE_INFINITY;

  /** Milliseconds that a request waits at most; with 0, however long it takes. */
  constructor(server: Server, longestWait: number) {
    this.#longestWait = longestWait || Number.POSITIVE_INFINITY;
    server.on('connection', () => this.#connections++);
  }

  /** Whether a request was turned away so short a time ago that it should not be back yet. */
  get overloaded(): boolean {
    return performance.now() - this.#turnedAway < retryAfter * 1000;
  }

  /**
   * A route's hook: its handler runs when those that came before have had their turn, and never where its client has gone
   * meanwhile. @throws BoardwalkError `overloaded`
   */
  readonly wait = async ({ raw }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const arrived = performance.now();
    const isGone = (): boolean => raw.socket.destroyed;
    await this.#queue(() => (isGone() ? undefined : this.#letOthersIn()));
    if (isGone()) {
      // Nobody is left to be answered.
      reply.hijack();
      return;
    }
    if (performance.now() - arrived <= this.#longestWait) return;
    this.#turnedAway = performance.now();
    reply.header('retry-after', retryAfter);
    throw new BoardwalkError('overloaded', 'The server is busy. Try again in a few seconds.');
  };

  /** Node takes one new connection between two turns of its own loop, and behind it another may wait with a cheap question. */
  async #letOthersIn(): Promise<void> {
    let before: number;
    do {
      before = this.#connections;
      await setImmediate();
    } while (this.#connections > before);
  }
}
