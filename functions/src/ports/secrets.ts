/** Secrets by name. Values never enter a definition, a record or a log; `known` exists so that they can be redacted. */
export interface Secrets {
  /** The value, trimmed, or `undefined` if the secret does not exist or is empty. Throws `unavailable`. */
  get(name: string): Promise<string | undefined>;
  /** Every value known so far, for redaction by value: the product's own secrets, and those returned by `get`. */
  known(): readonly string[];
}

/** A shorter value would match innocent text, so it cannot be redacted, and it can be guessed. */
export const MIN_SECRET_LENGTH = 8;

/** The product's own secrets. They are for its own adapters, and redacted from the start. */
export const OWN_SECRET_NAMES = [
  'CRON_SECRET',
  'CRON_SECRET_PREVIOUS',
  'ANTHROPIC_API_KEY',
  'MAILJET_API_KEY',
  'MAILJET_API_SECRET',
  'SLACK_WEBHOOK_URL',
] as const;
