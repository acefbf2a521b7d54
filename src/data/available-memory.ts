import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { BoardwalkError } from '../errors.js';
import { bytesOf } from './byte-size.js';

/** What the machine, the process and its control group say of memory, in bytes. */
export interface SystemMemory {
  /** What the machine could give without swapping. */
  free: number;
  /** What this process holds. */
  resident: number;
  /** Of the control group (a container's limit), where there is one, with what counts against it. */
  group?: { limit: number; used: number };
  /** What JavaScript's objects may still take; typed arrays and buffers lie outside. */
  heap: number;
}

/** Sets the bytes that the process may take in all, as `12GB`; `unlimited` asks for no foresight. */
export const memoryVariable = 'BOARDWALK_MEMORY';

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Bytes in use by a Linux control group of either version, without file pages, which the system drops when
 * memory is asked for; undefined where it cannot be told.
 */
export function groupUse(read: (path: string) => string = textOf): number | undefined {
  for (const line of read('/proc/self/cgroup').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const first = controllers === 'memory';
    if (path === undefined || (controllers !== '' && !first)) continue;
    const root = first ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';
    // Inside a container the group's own path may be its root.
    for (const folder of [join(root, path), root]) {
      const used = Number.parseInt(read(join(folder, first ? 'memory.usage_in_bytes' : 'memory.current')), 10);
      if (Number.isNaN(used)) continue;
      const stat = read(join(folder, 'memory.stat'));
      const pages = (name: string): number =>
        Number(new RegExp(`^${first ? 'total_' : ''}${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0);
      return used - pages('inactive_file') - pages('active_file');
    }
  }
  return undefined;
}

export function systemMemory(): SystemMemory {
  const total = totalmem();
  const resident = process.memoryUsage.rss();
  const limit = process.constrainedMemory?.() ?? 0;
  const { heap_size_limit, used_heap_size } = getHeapStatistics();
  return {
    // Elsewhere than on Linux the figure leaves out what the system would give up for the asking.
    free: process.platform === 'linux' ? freemem() : total - resident,
    resident,
    ...(limit > 0 && limit < total && { group: { limit, used: groupUse() ?? resident } }),
    heap: heap_size_limit - used_heap_size,
  };
}

/** Bytes that this process may still take before the system would end it. */
export function memoryLeft(
  { free, resident, group }: SystemMemory,
  setting: string | undefined = process.env[memoryVariable],
): number {
  if (setting === 'unlimited') return Number.POSITIVE_INFINITY;
  if (setting !== undefined && setting !== '') return bytesOf(setting, memoryVariable) - resident;
  return group === undefined ? free : Math.min(free, group.limit - group.used);
}

/** What the program takes beside the arrays that are counted: JavaScript's young objects, reading, the libraries. */
const reserve = 128e6;

/** What some work will hold at once; what it takes beside goes into the reserve. */
export interface MemoryNeed {
  /** As in "Opening graph". */
  what: string;
  bytes: number;
  /** Of them, what JavaScript's heap must hold. */
  heap?: number;
  /** What else one can do but find more memory. */
  mend: string;
  file?: string;
  /** Bytes that there are; what the system can give unless told. */
  left?: number;
}

const shown = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en-US')} MB`;

/** @throws BoardwalkError `out_of_memory` where the need is larger than what is left, before any of it is taken */
export function foreseeMemory(need: MemoryNeed, system = systemMemory()): void {
  const { what, bytes, heap = 0, mend, file, left = memoryLeft(system) } = need;
  const subject = { file };
  if (bytes + reserve > left)
    throw new BoardwalkError(
      'out_of_memory',
      `${what} needs ${shown(bytes + reserve)} of memory, and this process may take ${shown(Math.max(0, left))} more. ${mend} ` +
        `If that figure is wrong, set ${memoryVariable} to what the process may take in all, as 12GB, or to "unlimited".`,
      subject,
    );
  if (heap > system.heap && left !== Number.POSITIVE_INFINITY)
    throw new BoardwalkError(
      'out_of_memory',
      `${what} needs ${shown(heap)} of JavaScript's heap, which has ${shown(system.heap)} left. ` +
        `Set NODE_OPTIONS=--max-old-space-size=${Math.ceil((2 * heap) / 2 ** 20 + 1024)}.`,
      subject,
    );
}
