import { isRecord } from './is-record.js';

/** Options over their defaults: what is left out, or undefined, takes its default. */
export function withDefaults<Defaults extends object, Given extends object>(
  defaults: Defaults,
  given: Given,
): Defaults & Given {
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(named) as Given) };
}

/**
 * What is given over its defaults, object by object however deep: what is left out takes its default. Lists are taken
 * whole, and so is what has another type than its default, for a schema to refuse.
 */
export function withDeepDefaults(defaults: unknown, given: unknown): unknown {
  if (given === undefined) return defaults;
  if (!isRecord(defaults) || !isRecord(given)) return given;
  const names = new Set([...Object.keys(defaults), ...Object.keys(given)]);
  return Object.fromEntries([...names].map((name) => [name, withDeepDefaults(defaults[name], given[name])]));
}
