import type { Execution } from '#engine/record/execution.ts';

/** An incoming call, independent of the server. Header names are in lowercase; a repeated header has several values. */
export interface RunnerRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /**
   * Reads the body, once: all of it, or its beginning if it is larger than accepted. Nothing is read before this is
   * called. Throws `BadCall` if it does not arrive completely and in time.
   */
  readonly body: () => Promise<Uint8Array>;
}

/** The answer to a call; `body` becomes JSON. */
export interface RunnerReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Identifies the kind of a bad call to programs that read the answer. */
export type BadCallCode = 'schedule_time_missing' | 'request_id_taken';

type BadStatus = 400 | 404 | 408 | 409 | 413;

/** The answer to a bad call; nothing was written. The answer contains `code` if it has one. */
export class BadCall extends Error {
  readonly status: BadStatus;
  readonly code: BadCallCode | undefined;

  constructor(status: BadStatus, message: string, { code, cause }: { code?: BadCallCode; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'BadCall';
    this.status = status;
    this.code = code;
  }
}

/** The refusal of a start whose request id another start has used. */
export function requestIdTaken({ id, startedAt }: Execution): BadCall {
  return new BadCall(
    409,
    `The request id of ${id} was used at ${startedAt.toISOString()} for a start with different content. ` +
      'Repeat exactly the same start, or use another request id.',
    { code: 'request_id_taken' },
  );
}
