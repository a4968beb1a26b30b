/** Secrets by name. Values never enter a definition, a record or a log; `known` exists so that they can be redacted. */
export interface Secrets {
  /** The value, trimmed, or `undefined` where the secret does not exist or is empty. Throws `unavailable`. */
  get(name: string): Promise<string | undefined>;
  /** Every value that is known by now, for redaction by value: those of the product itself, and those handed out. */
  known(): readonly string[];
}

/** A shorter value would be found in innocent text, so it cannot be redacted, and it can be guessed. */
export const MIN_SECRET_LENGTH = 8;

/** The secrets of the product itself. They are for its own adapters, and redacted from the start. */
export const OWN_SECRET_NAMES = [
  'CRON_SECRET',
  'CRON_SECRET_PREVIOUS',
  'ANTHROPIC_API_KEY',
  'MAILJET_API_KEY',
  'MAILJET_API_SECRET',
  'SLACK_WEBHOOK_URL',
] as const;
