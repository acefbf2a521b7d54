import { Type } from 'typebox';
import { envelopeFields } from './envelope.js';

export const HealthReply = Type.Object({ ...envelopeFields, status: Type.String() }, { title: 'Health' });
