/** Every code that Boardwalk can report. Codes are stable: programs may depend on them. */
export type ErrorCode =
  | 'bad_option'
  | 'bad_request'
  | 'bad_file'
  | 'too_many_rejects'
  | 'too_many_edges'
  | 'not_found'
  | 'unknown_pin'
  | 'unknown_board'
  | 'unknown_user'
  | 'format_version'
  | 'checksum'
  | 'leak'
  | 'mismatch'
  | 'disk_full'
  | 'out_of_memory'
  | 'backend_missing'
  | 'diverged'
  | 'locked'
  | 'read_only'
  | 'overloaded'
  | 'delta_full'
  | 'delta_failed'
  | 'network'
  | 'interrupted';

/** What an error is about, so that a message, a log line and a problem+json body can all name it. */
export interface ErrorSubject {
  file?: string;
  row?: number;
  field?: string;
}

/** The one error that Boardwalk throws on purpose: its message names the thing at fault and the mend. */
export class BoardwalkError extends Error {
  override readonly name = 'BoardwalkError';
  readonly code: ErrorCode;
  readonly subject: ErrorSubject;

  constructor(code: ErrorCode, message: string, subject: ErrorSubject = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.subject = subject;
  }
}
