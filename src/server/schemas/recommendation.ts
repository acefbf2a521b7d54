import { Type } from 'typebox';
import type { RecommendationResponse } from '../../blending/recommendation.js';
import { defaulted } from './defaulted.js';
import { envelopeFields } from './envelope.js';
import { NullableString } from './nullable.js';

const Source = Type.Object(
  {
    source: Type.String(),
    score: Type.Number(),
    rank: Type.Integer({ description: 'Place in that source, from 0.' }),
  },
  { title: 'Source' },
);

const Reason = Type.Object(
  {
    board_id: Type.Optional(Type.String()),
    pin_id: Type.Optional(Type.String()),
    text: Type.String(),
  },
  { title: 'Reason' },
);

const Recommendation = Type.Object(
  {
    pin_id: Type.String(),
    score: Type.Number({
      description:
        'Calibrated probability that the pin is saved; of popular pins, the share of all boards that hold it; of live walks, the share of steps that ended there.',
    }),
    sources: Type.Array(Source),
    reasons: Type.Array(Reason),
    title: NullableString,
    url: NullableString,
    image: NullableString,
  },
  { title: 'Recommendation' },
);

/** Typed by the contract that the recommender keeps; the schema describes and serialises it. */
export const RecommendationsReply = Type.Unsafe<RecommendationResponse>(
  Type.Object(
    {
      ...envelopeFields,
      results: Type.Array(Recommendation),
      fallback: NullableString,
      newer_than_model: Type.Optional(
        Type.Array(Type.String(), {
          description:
            'Pins and boards of the request that came after the model, or hold no pin that did not: the others alone were ' +
            'answered for.',
        }),
      ),
      next_cursor: NullableString,
    },
    { title: 'Recommendations' },
  ),
);

const Ids = (maxItems: number, description: string) =>
  Type.Optional(Type.Array(Type.String(), { maxItems, description }));
const Value = Type.Optional(Type.String());
const Values = Type.Optional(Type.Array(Type.String(), { maxItems: 100 }));

export const RecommendationsBody = Type.Object(
  {
    pins: Ids(500, 'Pins that stand for what is wanted.'),
    boards: Ids(100, 'Boards whose pins stand for what is wanted.'),
    user: Type.Optional(Type.String()),
    exclude: Ids(10_000, 'Pins that must not come back.'),
    filters: Type.Optional(
      Type.Object({ language: Values, domain: Values, owner: Values }, { additionalProperties: false }),
    ),
    bias: Type.Optional(
      Type.Object(
        {
          prefer: Type.Object(
            { language: Value, topic: Value, domain: Value, owner: Value },
            { additionalProperties: false, description: 'Walks prefer pins and boards with these values.' },
          ),
          strength: Type.Optional(
            Type.Number({ minimum: 0, maximum: 1, description: 'Share of the draws made among them; .9 unless told.' }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    exclude_boards: Ids(1_000, 'Boards that walks do not go through.'),
    limit: defaulted(Type.Integer({ minimum: 1, maximum: 500, default: 20 })),
  },
  { title: 'RecommendationRequest', additionalProperties: false },
);

export const SearchReply = Type.Object(
  {
    ...envelopeFields,
    results: Type.Array(
      Type.Object({ pin_id: Type.String(), title: NullableString, score: Type.Number(), boards: Type.Integer() }),
    ),
  },
  { title: 'SearchResults' },
);
