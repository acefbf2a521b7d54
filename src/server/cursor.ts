import type { RecommendationRequest, RecommendationResponse } from '../blending/recommendation.js';
import { BoardwalkError } from '../errors.js';
import type { RecommendationService } from './service.js';

/** Results that paging reaches; past them candidates are too far off to be worth a look. */
const depth = 500;

function encode(modelId: string, offset: number): string {
  return Buffer.from(JSON.stringify([modelId, offset])).toString('base64url');
}

function decode(modelId: string, cursor: string): number {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    parts = undefined;
  }
  const [model, offset] = Array.isArray(parts) ? parts : [];
  if (!Number.isInteger(offset) || offset < 1 || offset >= depth)
    throw new BoardwalkError('bad_request', 'cursor is not one that this API gave out.', { field: 'cursor' });
  if (model !== modelId)
    throw new BoardwalkError('bad_request', 'cursor belongs to another model. Start again without it.', {
      field: 'cursor',
    });
  return offset;
}

export interface Page {
  limit: number;
  cursor?: string;
}

/** One page of a request's results. A cursor is an offset into one model's list, which is the same each time. */
export async function pageOf(
  service: RecommendationService,
  request: Omit<RecommendationRequest, 'limit'>,
  { limit, cursor }: Page,
): Promise<RecommendationResponse> {
  const offset = cursor === undefined ? 0 : decode(service.modelId, cursor);
  const end = Math.min(offset + limit, depth);
  const response = await service.recommend({ ...request, limit: Math.min(end + 1, depth) });
  const more = end < depth && response.results.length > end;
  return {
    ...response,
    results: response.results.slice(offset, end),
    next_cursor: more ? encode(service.modelId, end) : null,
  };
}
