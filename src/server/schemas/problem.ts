import { Type } from 'typebox';
import { NullableString } from './nullable.js';

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable; programs may depend on it.' }),
    detail: Type.String(),
    field: NullableString,
    request_id: Type.String(),
    model_id: Type.String(),
  },
  { description: 'An error (application/problem+json).' },
);

/** The errors that any route taking an id may answer with. */
export const problemResponses = { '4xx': ProblemSchema, '5xx': ProblemSchema };
