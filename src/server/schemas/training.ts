import { Type } from 'typebox';
import { envelopeFields } from './envelope.js';

const Figures = Type.Record(Type.String(), Type.Number());

export const TrainingReply = Type.Object(
  {
    ...envelopeFields,
    epochs: Type.Array(Figures, { description: 'One row an epoch; empty where the model has no log.' }),
    evaluation: Type.Union([
      Type.Object({ task: Type.String(), methods: Type.Record(Type.String(), Figures) }),
      Type.Null(),
    ]),
  },
  { title: 'Training' },
);
