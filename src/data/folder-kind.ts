import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BoardwalkError } from '../errors.js';

/** What Boardwalk writes as one folder, so that it replaces such folders and nothing else. */
export interface FolderKind {
  /** With its article: "a model directory". */
  readonly what: string;
  /** A file that lies in every one, with a text that it holds where other programs may use its name. */
  readonly marker: { readonly file: string; readonly says?: string };
  /** All that may lie in one beside the marker; anything where absent. */
  readonly names?: readonly string[];
  /**
   * Keeps others from changing what another folder takes the place of, until what it gives is called; throws where one is
   * at it now, or where something that lies beside it would be lost.
   */
  readonly hold?: (target: string) => () => void;
}

/** How the names of files end that are being written, or that a killed run has left half written. */
export const unfinished = /\.(part|new)$/;

function isMarked(folder: string, { file, says }: FolderKind['marker']): boolean {
  try {
    return says === undefined
      ? statSync(join(folder, file)).isFile()
      : readFileSync(join(folder, file), 'utf8').includes(says);
  } catch {
    return false;
  }
}

/**
 * Throws `bad_option` of `--out` where replacing what lies at `target` would lose anything that Boardwalk did not
 * write as this kind of folder. Nothing, and an empty folder, may always be replaced.
 */
export function refuseForeign(target: string, { what, marker, names }: FolderKind): void {
  const refuse = (why: string, mend: string): never => {
    throw new BoardwalkError('bad_option', `${target} ${why}, and is not replaced. ${mend}`, {
      file: target,
      field: 'out',
    });
  };
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) return;
  const elsewhere = 'Choose another folder, or delete it yourself if nothing in it is needed.';
  if (!found.isDirectory()) refuse('is no folder', 'Choose another name, or delete the file yourself.');
  const entries = readdirSync(target);
  if (entries.length === 0) return;
  if (!isMarked(target, marker)) refuse(`is not ${what}: it has no ${marker.file} of one`, elsewhere);
  const own = names && [marker.file, ...names];
  const foreign = own && entries.find((entry) => !own.includes(entry.replace(unfinished, '')));
  if (foreign !== undefined)
    refuse(`holds ${foreign}, which is no part of ${what}`, `Move ${foreign} elsewhere, or choose another folder.`);
}
