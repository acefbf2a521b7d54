import type { TSchema } from 'typebox';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import { BoardwalkError } from './errors.js';

// Of several fixed values each is an error of its own: with the eight that are told unless asked, some would be missing.
Settings.Set({ maxErrors: 100 });

/** What a check by a TypeBox schema reports. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly message: string;
  readonly params: {
    readonly additionalProperties?: readonly string[];
    readonly requiredProperties?: readonly string[];
    readonly allowedValue?: unknown;
  };
}

/** What is at fault first in a value that a schema refuses. */
export interface SchemaFault {
  /** As people write it, `features.width` or `pins[3]`; empty for the value as a whole. */
  readonly field: string;
  /** As a JSON pointer, to what holds it where it is missing or unknown. */
  readonly pointer: string;
  readonly kind: 'unknown' | 'missing' | 'wrong';
  /** What a wrong value must be, or any other. */
  readonly message: string;
}

/** A JSON pointer as people write it: `/pins/3` is `pins[3]`. */
function readable(pointer: string): string {
  return pointer
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

/** What one of several fixed values, or something else beside them, may be; undefined where no value is fixed. */
function allowed(errors: readonly SchemaError[], instancePath: string): string | undefined {
  const here = errors.filter((error) => error.instancePath === instancePath);
  const fixed = here.filter(({ keyword }) => keyword === 'const');
  if (fixed.length === 0) return undefined;
  const values = fixed.map(({ params }) => params.allowedValue).join(', ');
  // A fixed value of another type is reported by both.
  const others = here.filter(
    ({ keyword, schemaPath }) => keyword !== 'anyOf' && !fixed.some((error) => error.schemaPath === schemaPath),
  );
  const first = `must be ${fixed.length > 1 ? 'one of ' : ''}${values}`;
  return [first, ...others.map(({ message }) => message)].join(' or ');
}

export function schemaFault(errors: readonly SchemaError[]): SchemaFault {
  // An unknown name is reported twice: once as a value against the schema `false`, once by name.
  const { instancePath, message, params } = errors.find(({ keyword }) => keyword !== 'boolean') ?? errors[0];
  const place = readable(instancePath);
  const within = (name: string): string => (place === '' ? name : `${place}.${name}`);
  const [unknown] = params.additionalProperties ?? [];
  if (unknown !== undefined) return { field: within(unknown), pointer: instancePath, kind: 'unknown', message };
  const [missing] = params.requiredProperties ?? [];
  if (missing !== undefined) return { field: within(missing), pointer: instancePath, kind: 'missing', message };
  return { field: place, pointer: instancePath, kind: 'wrong', message: allowed(errors, instancePath) ?? message };
}

/** The error, `bad_option`, that says what keeps a spec from its schema; undefined where nothing does. */
export function specFault(what: string, schema: TSchema, value: unknown): BoardwalkError | undefined {
  if (Value.Check(schema, value)) return undefined;
  const { field, pointer, kind, message } = schemaFault(Value.Errors(schema, value) as readonly SchemaError[]);
  const sentence =
    kind === 'unknown'
      ? `The ${what} has no field "${field}": there are ${fieldsBeside(field, schema).join(', ')}.`
      : `In the ${what}, ${field || 'the whole'} ${message}; it is ${shown(Value.Pointer.Get(value, pointer))}.`;
  return new BoardwalkError('bad_option', sentence, { field });
}

const shownCharacters = 60;

/** A value as JSON, or the beginning of it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)} …` : text;
}

/** The names that a schema knows where an unknown one stood. */
function fieldsBeside(field: string, schema: TSchema): string[] {
  const parents = field.split('.').slice(0, -1);
  const place = parents.reduce((within, name) => propertiesOf(within)[name], schema);
  return Object.keys(propertiesOf(place));
}

const propertiesOf = (schema: TSchema): Record<string, TSchema> =>
  (schema as { properties?: Record<string, TSchema> }).properties ?? {};
