import { type TSchema, Type } from 'typebox';
import { attributeFields } from './attributes.js';
import { envelopeFields } from './envelope.js';

const Id = Type.String({ minLength: 1, maxLength: 4_096 });

const isoDate = 'ISO 8601, as 2024-01-31 or 2024-01-31T12:00:00Z; UTC where no zone is given.';

const Edge = Type.Object(
  {
    board_id: Id,
    pin_id: Id,
    added_at: Type.Optional(Type.String({ description: isoDate })),
    weight: Type.Optional(Type.Number({ minimum: 0 })),
  },
  { title: 'Edge', additionalProperties: false },
);

/** Edges, pins or boards in one request; together they stay within the limit of a body. */
const mostRows = 8_192;

const rowsOf = <Row extends TSchema>(row: Row) => Type.Array(row, { minItems: 1, maxItems: mostRows });

export const EdgesBody = Type.Object({ edges: rowsOf(Edge) }, { title: 'Edges', additionalProperties: false });

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));

const attributes = {
  ...attributeFields(text),
  created_at: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: isoDate })),
};

export const PinsBody = Type.Object(
  { pins: rowsOf(Type.Object({ pin_id: Id, ...attributes }, { additionalProperties: false })) },
  { title: 'Pins', additionalProperties: false },
);

export const BoardsBody = Type.Object(
  { boards: rowsOf(Type.Object({ board_id: Id, ...attributes }, { additionalProperties: false })) },
  { title: 'Boards', additionalProperties: false },
);

export const ChangesReply = Type.Object(
  {
    ...envelopeFields,
    changed: Type.Integer({
      description: 'Edges that this made or took away, or nodes that it made, described otherwise or took away.',
    }),
  },
  { title: 'Changes' },
);
