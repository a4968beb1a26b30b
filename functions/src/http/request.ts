/** A call as it arrives, whatever server received it. Header names are in small letters; a repeated header has several values. */
export interface RunnerRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /**
   * Reads the body, once: all of it, or its beginning where it is larger than what is accepted. Nothing of it is read before
   * this is called. Throws `BadCall` when it does not arrive whole, or not in time.
   */
  readonly body: () => Promise<Uint8Array>;
}

/** What a call is answered; `body` becomes JSON. */
export interface RunnerReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What names the kind of a wrong call to whoever reads the answer by machine. */
export type BadCallCode = 'schedule_time_missing' | 'request_id_taken';

type BadStatus = 400 | 404 | 408 | 409 | 413;

/** What a call that is wrong is answered; nothing was written. The answer names `code` where there is one. */
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
