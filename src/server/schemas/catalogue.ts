import { Type } from 'typebox';
import { attributeFields } from './attributes.js';
import { envelopeFields } from './envelope.js';
import { NullableString } from './nullable.js';

const attributes = attributeFields(NullableString);

const PinSummary = Type.Object(
  {
    pin_id: Type.String(),
    title: NullableString,
    image: NullableString,
    boards: Type.Integer({ description: 'Boards that hold the pin.' }),
  },
  { title: 'PinSummary' },
);

const BoardSummary = Type.Object(
  {
    board_id: Type.String(),
    title: NullableString,
    owner: NullableString,
    pins: Type.Integer({ description: 'Pins on the board.' }),
  },
  { title: 'BoardSummary' },
);

export const PinReply = Type.Object(
  {
    ...envelopeFields,
    pin_id: Type.String(),
    ...attributes,
    board_count: Type.Integer(),
    boards: Type.Array(BoardSummary, { description: 'The largest boards that hold the pin.' }),
  },
  { title: 'Pin' },
);

export const BoardReply = Type.Object(
  {
    ...envelopeFields,
    board_id: Type.String(),
    ...attributes,
    pin_count: Type.Integer(),
    pins: Type.Array(PinSummary, { description: 'The most saved pins of the board.' }),
  },
  { title: 'Board' },
);

export const UserReply = Type.Object(
  {
    ...envelopeFields,
    user_id: Type.String(),
    board_count: Type.Integer(),
    boards: Type.Array(BoardSummary),
  },
  { title: 'User' },
);

export const AboutReply = Type.Object(
  {
    ...envelopeFields,
    graph_id: Type.String(),
    counts: Type.Object(
      { pins: Type.Integer(), boards: Type.Integer(), edges: Type.Integer(), users: Type.Integer() },
      { description: 'Of the graph as it was built: changes since are not counted.' },
    ),
    examples: Type.Object({
      pins: Type.Array(PinSummary),
      boards: Type.Array(BoardSummary),
      users: Type.Array(Type.Object({ user_id: Type.String(), boards: Type.Integer() })),
    }),
  },
  { title: 'About' },
);

export const EmbeddingReply = Type.Object(
  {
    ...envelopeFields,
    pin_id: Type.String(),
    dimension: Type.Integer(),
    metric: Type.String(),
    embedding: Type.Array(Type.Number()),
  },
  { title: 'Embedding' },
);
