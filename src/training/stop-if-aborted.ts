import { BoardwalkError } from '../errors.js';

/** Ends training between two of its parts where it has been asked to stop. Throws `interrupted`. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new BoardwalkError('interrupted', 'Training was stopped. Run the same command with --resume to go on.');
}
