import { Type } from 'typebox';
import type { Neighbourhood } from '../neighbourhood.js';
import { type Envelope, envelopeFields } from './envelope.js';

export const NeighbourhoodReply = Type.Unsafe<Envelope & Neighbourhood>(
  Type.Object(
    {
      ...envelopeFields,
      nodes: Type.Array(
        Type.Object({
          key: Type.String({ description: 'Unique among pins and boards together.' }),
          kind: Type.String({ enum: ['centre', 'pin', 'board'] }),
          id: Type.String(),
          label: Type.String(),
          x: Type.Number(),
          y: Type.Number(),
          size: Type.Number({ description: 'Radius of the drawing, in pixels.' }),
        }),
      ),
      edges: Type.Array(
        Type.Object({
          source: Type.String(),
          target: Type.String(),
          kind: Type.String({ enum: ['saved', 'similar'] }),
        }),
      ),
    },
    { title: 'Neighbourhood' },
  ),
);
