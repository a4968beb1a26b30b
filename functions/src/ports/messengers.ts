/** One mail to one recipient. */
export interface Mail {
  /** An address. */
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Our idempotency key, which the other side stores with the message. */
  readonly key: string;
}

/** The result of one mail. `failed` says whether another try may help. */
export type MailResult =
  | { readonly status: 'sent'; readonly messageId: string }
  | { readonly status: 'failed'; readonly retryable: boolean; readonly reason: string };

/** Sends mails. */
export interface Mailer {
  /**
   * Sends the mails and resolves to one result per mail, in order: an invalid recipient does not affect the others.
   * Throws `rate_limited`, `unavailable` (the mails MAY have been accepted), `timeout` (likewise), `unauthenticated`,
   * `rejected`.
   */
  send(mails: readonly Mail[], signal: AbortSignal): Promise<readonly MailResult[]>;
  /** The other side's message id of the mail with this key, if it has one. Throws like `send`. */
  find(key: string, signal: AbortSignal): Promise<string | undefined>;
}

/** Posts to one chat channel. */
export interface ChatPoster {
  /** Posts Slack blocks with a plain-text fallback. Throws `rate_limited` (with `retryAfterMs`), `unavailable`, `timeout`, `rejected`, `unauthenticated` (revoked webhook). */
  post(message: { readonly text: string; readonly blocks: readonly object[] }, signal: AbortSignal): Promise<void>;
}
