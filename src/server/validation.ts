import type { FastifySchemaCompiler } from 'fastify';
import { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { BoardwalkError } from '../errors.js';

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: { additionalProperties?: readonly string[]; requiredProperties?: readonly string[] };
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

function explain(errors: readonly SchemaError[], part: string): BoardwalkError {
  // An unknown name is reported twice: once as a value against the schema `false`, once by name.
  const first = errors.find((error) => error.keyword !== 'boolean') ?? errors[0];
  const unknown = first.params.additionalProperties?.[0];
  if (unknown !== undefined)
    return new BoardwalkError('bad_request', `There is no parameter "${unknown}" here.`, { field: unknown });
  const missing = first.params.requiredProperties?.[0];
  const field = missing ?? (readable(first.instancePath) || part);
  const sentence = missing === undefined ? `${field} ${first.message}.` : `${field} is required.`;
  return new BoardwalkError('bad_request', sentence, { field });
}

/** Words of a URL are text; a whole number among them is read as one. Bodies carry their own types. */
function numbersRead(values: unknown): unknown {
  if (typeof values !== 'object' || values === null) return values;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name === 'limit' && typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
    ]),
  );
}

/** Compiles each route's TypeBox schemas into checks whose error names the field at fault. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const check = Compile(schema);
  return (input) => {
    const value = Value.Default(schema, httpPart === 'body' ? input : numbersRead(input));
    if (check.Check(value)) return { value };
    return { error: explain(check.Errors(value) as readonly SchemaError[], httpPart) };
  };
};
