import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BoardwalkError } from '../errors.js';

/**
 * Unpacks a gzip file once, keeping nothing, and throws `bad_file` where it ends early or is not what was packed: the
 * database takes what it can unpack for the whole.
 */
export async function refuseBrokenGzip(file: string): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(file), createGunzip(), nowhere);
  } catch (cause) {
    throw new BoardwalkError(
      'bad_file',
      `${file} cannot be read: it is cut short, damaged or no gzip file (${(cause as Error).message}). Fetch or pack it again.`,
      { file },
      { cause },
    );
  }
}
