import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { NpmPackage } from './npm-collections.js';

/**
 * What has been read so far, one JSON line a package, so that a stopped run goes on where it was. A line
 * that a kill cut short is read as if it were not there.
 */
export class PackageCache {
  readonly #known = new Map<string, NpmPackage | null>();
  readonly #file: number;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'packages.jsonl');
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    for (const line of text.split('\n')) {
      try {
        const { name, found } = JSON.parse(line) as { name: string; found: NpmPackage | null };
        this.#known.set(name, found);
      } catch {
        // A torn or empty line: the package is asked for again.
      }
    }
    this.#file = openSync(path, 'a');
    if (text !== '' && !text.endsWith('\n')) writeSync(this.#file, '\n');
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** null where the registry has no such package. */
  get(name: string): NpmPackage | null | undefined {
    return this.#known.get(name);
  }

  add(name: string, found: NpmPackage | null): void {
    this.#known.set(name, found);
    writeSync(this.#file, `${JSON.stringify({ name, found })}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}
