import { Type } from 'typebox';
import { problemMediaType } from '../problem.js';
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
  { title: 'Problem', description: 'An error (application/problem+json).' },
);

export const problemResponse = {
  description: 'An error.',
  content: { [problemMediaType]: { schema: ProblemSchema } },
};

/** The errors that any route may answer with. */
export const problemResponses = { '4xx': problemResponse, '5xx': problemResponse };
