import { statSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf } from './whole-directory.js';

/** Tells one writing of a folder from the next by where it lies and which files lie there. */
function writingAt(place: string, marks: readonly string[]): string {
  const files = marks.map((name) => {
    try {
      const { ino, ctimeNs } = statSync(join(place, name), { bigint: true });
      return `${ino} ${ctimeNs}`;
    } catch {
      return 'none';
    }
  });
  return [place, ...files].join('\n');
}

/**
 * Reads a folder that others may replace meanwhile, as `writeWholeDirectory` does. `read` is told where the folder lies
 * and begins anew where another has come there since, so that what it gives, or throws, is of one writing; `marks` are
 * files that each writing makes anew. To write a folder takes longer than to read it, so this comes to an end.
 */
export function readWholeDirectory<T>(target: string, marks: readonly string[], read: (place: string) => T): T {
  for (;;) {
    const place = placeOf(target);
    const before = writingAt(place, marks);
    const isSame = (): boolean => writingAt(placeOf(target), marks) === before;
    try {
      const found = read(place);
      if (isSame()) return found;
    } catch (error) {
      if (isSame()) throw error;
    }
  }
}
