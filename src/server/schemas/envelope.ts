import { Type } from 'typebox';

export interface Envelope {
  request_id: string;
  model_id: string;
}

/** What every answer carries: which request it answers and which model answered. */
export const envelopeFields = {
  request_id: Type.String({ description: 'Send it back in events, so that impressions meet their outcomes.' }),
  model_id: Type.String(),
};
