import type { FastifySchemaCompiler } from 'fastify';
import { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { BoardwalkError } from '../errors.js';
import { type SchemaError, schemaFault } from '../schema-fault.js';

function explain(errors: readonly SchemaError[], part: string, value: unknown): BoardwalkError {
  const { field, pointer, kind, message } = schemaFault(errors);
  const name = field || part;
  const isEndless = [Infinity, -Infinity].includes(Value.Pointer.Get(value, pointer) as number);
  const sentences = {
    unknown: `There is no parameter "${name}" here.`,
    missing: `${name} is required.`,
    // 1e400 is valid JSON, and is read as infinite.
    wrong: `${name} ${isEndless ? 'is beyond the range of numbers' : message}.`,
  };
  return new BoardwalkError('bad_request', sentences[kind], { field: name });
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
    return { error: explain(check.Errors(value) as readonly SchemaError[], httpPart, value) };
  };
};
