import type { About, Board, Neighbourhood, Pin, PinSummary, Recommendations, Training, User } from './api-types.js';

/** What the server said was wrong, or that it could not be reached (status 0). */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/v1/${path}`, { signal: signal ?? null, headers: { accept: 'application/json' } });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'The server did not answer.');
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, body?.detail ?? `The server answered ${response.status}.`);
  return body as T;
}

function query(values: Record<string, string | number | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

export interface PageRequest {
  limit: number;
  cursor?: string;
}

const path = encodeURIComponent;

export const api = {
  about: (signal?: AbortSignal) => get<About>('about', signal),
  training: (signal?: AbortSignal) => get<Training>('training', signal),
  search: (q: string, limit: number, signal?: AbortSignal) =>
    get<{ results: PinSummary[] }>(`search?${query({ q, limit })}`, signal),
  pin: (id: string, signal?: AbortSignal) => get<Pin>(`pins/${path(id)}`, signal),
  neighbourhood: (id: string, signal?: AbortSignal) => get<Neighbourhood>(`pins/${path(id)}/neighbourhood`, signal),
  board: (id: string, signal?: AbortSignal) => get<Board>(`boards/${path(id)}`, signal),
  user: (id: string, signal?: AbortSignal) => get<User>(`users/${path(id)}`, signal),
  related: (id: string, page: PageRequest, signal?: AbortSignal) =>
    get<Recommendations>(`pins/${path(id)}/related?${query({ ...page })}`, signal),
  more: (id: string, page: PageRequest, signal?: AbortSignal) =>
    get<Recommendations>(`boards/${path(id)}/more?${query({ ...page })}`, signal),
  homefeed: (id: string, page: PageRequest, signal?: AbortSignal) =>
    get<Recommendations>(`users/${path(id)}/homefeed?${query({ ...page })}`, signal),
};
