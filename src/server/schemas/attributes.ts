import type { TSchema } from 'typebox';
import { attributeNames } from '../../data/columns.js';
import type { AttributeName } from '../../graph/graph.js';

/** A field of one kind for each attribute that a pin or board may have. */
export function attributeFields<Field extends TSchema>(field: Field): Record<AttributeName, Field> {
  return Object.fromEntries(attributeNames.map((name) => [name, field])) as Record<AttributeName, Field>;
}
