import { readFileSync } from 'node:fs';

/**
 * Seconds that the calling thread has run, which others on the machine do not lengthen. Linux alone tells;
 * elsewhere the clock on the wall has to do.
 */
export function threadSeconds(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e9;
  } catch {
    return performance.now() / 1000;
  }
}
