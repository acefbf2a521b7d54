import { BoardwalkError } from '../errors.js';

/** Reads a flag's whole number in [least, most], undefined where it is not given; throws `bad_option` that names the flag. */
export function wholeNumber(text: string, flag: string, least?: number, most?: number): number;
export function wholeNumber(text: string | undefined, flag: string, least?: number, most?: number): number | undefined;
export function wholeNumber(text: string | undefined, flag: string, least = 0, most = Number.MAX_SAFE_INTEGER) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new BoardwalkError('bad_option', `${flag} must be a whole number ${range}; got "${text}".`, { field: flag });
}

/** Reads `--seed`, which names random streams by 32 bits: a larger number would name those of a smaller one. */
export function seedNumber(text: string): number {
  return wholeNumber(text, '--seed', 0, 0xffff_ffff);
}
