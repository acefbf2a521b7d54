import { Type } from 'typebox';

/** A value or null, written as a type list: serialisers are quicker with it than with a union. */
export const NullableString = Type.Unsafe<string | null>({ type: ['string', 'null'] });
