import { type TSchema, Type } from 'typebox';

/** A value with a default: one need not send it, and whoever reads it finds it. */
export const defaulted = <Schema extends TSchema>(schema: Schema): Schema => Type.Optional(schema) as unknown as Schema;
