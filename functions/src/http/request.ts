/** A call as it arrives, whatever server received it. Header names are in small letters; a repeated header has several values. */
export interface RunnerRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** What a call is answered; `body` becomes JSON. */
export interface RunnerReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a call that is wrong is answered; nothing was written. */
export class BadCall extends Error {
  readonly status: 400 | 404 | 409 | 413;

  constructor(status: 400 | 404 | 409 | 413, message: string) {
    super(message);
    this.name = 'BadCall';
    this.status = status;
  }
}
