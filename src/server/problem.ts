import { STATUS_CODES } from 'node:http';
import { BoardwalkError } from '../errors.js';

/** An error body after RFC 9457. `code` is stable; `field` names the parameter or body field at fault. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field: string | null;
}

export const problemMediaType = 'application/problem+json';

const statusOfCode: Record<string, number> = {
  bad_request: 400,
  bad_option: 400,
  unknown_pin: 404,
  unknown_board: 404,
  unknown_user: 404,
  not_found: 404,
  read_only: 403,
  overloaded: 503,
  delta_full: 503,
  delta_failed: 503,
};

/** What Fastify and its plugins report, in this API's own codes. */
const codeOfFastify: Record<string, { code: string; field: string | null; detail?: string }> = {
  FST_ERR_BAD_URL: {
    code: 'bad_request',
    field: 'path',
    detail: 'The path holds a malformed percent escape. Encode each id with encodeURIComponent.',
  },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'id_too_long', field: 'id', detail: 'The id in the path is too long.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'bad_request', field: 'body', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'bad_request',
    field: 'body',
    detail: 'The body is empty. Send a JSON object; /docs says what each route takes.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'payload_too_large', field: 'body' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    field: 'content-type',
    detail: 'Send the body as application/json.',
  },
};

const codeOfStatus: Record<number, string> = { 404: 'not_found', 413: 'payload_too_large', 429: 'rate_limited' };

export function problem(status: number, code: string, detail: string, field: string | null = null): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: `urn:boardwalk:problem:${code}`, title, status, code, detail, field };
}

/** The problem that an error amounts to. What the caller cannot mend is reported without its message. */
export function problemOf(error: unknown): Problem {
  if (error instanceof BoardwalkError) {
    const status = statusOfCode[error.code];
    if (status) return problem(status, error.code, error.message, error.subject.field ?? null);
  } else if (error instanceof Error) {
    const { code = '', statusCode: status = 500 } = error as { code?: string; statusCode?: number };
    const known = codeOfFastify[code];
    if (known) return problem(status, known.code, known.detail ?? error.message, known.field);
    if (status >= 400 && status < 500) return problem(status, codeOfStatus[status] ?? 'bad_request', error.message);
    if (status === 503) return problem(503, 'unavailable', error.message);
  }
  return problem(500, 'internal', 'The server failed to answer. Its log tells why, under this request id.');
}
