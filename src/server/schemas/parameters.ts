import { Type } from 'typebox';
import { defaulted } from './defaulted.js';

export const IdParameter = Type.Object({
  id: Type.String({ description: 'Percent-encoded: "/", "?", "%" and any other character may occur.' }),
});

const Limit = defaulted(Type.Integer({ minimum: 1, maximum: 200, default: 20, description: 'Results wanted.' }));

export const PageQuery = Type.Object(
  {
    limit: Limit,
    cursor: Type.Optional(Type.String({ minLength: 1, description: 'next_cursor of the page before.' })),
  },
  { additionalProperties: false },
);

export const LimitQuery = Type.Object({ limit: Limit }, { additionalProperties: false });

export const SearchQuery = Type.Object(
  { q: Type.String({ minLength: 1, maxLength: 500, description: 'Words, or the beginning of one.' }), limit: Limit },
  { additionalProperties: false },
);

export const NoQuery = Type.Object({}, { additionalProperties: false });
