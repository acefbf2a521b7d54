import { BoardwalkError } from '../errors.js';

const unitBytes: Record<string, number> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Reads a size as 512MB, 2GB or 1.5GiB; `field` names the option or variable that holds it. */
export function bytesOf(size: string, field = 'memory'): number {
  const [, digits, unit = '', binary] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B$/i.exec(size.trim()) ?? [];
  if (digits === undefined || (binary && unit === ''))
    throw new BoardwalkError('bad_option', `The memory limit "${size}" is no size. Write it as 2GB or 512MB.`, {
      field,
    });
  const power = Object.keys(unitBytes).indexOf(unit.toLowerCase());
  return Number(digits) * (binary ? 1024 ** power : unitBytes[unit.toLowerCase()]);
}
