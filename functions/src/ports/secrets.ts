/** Secrets by name. Values never enter a definition, a record or a log; `known` exists so that they can be redacted. */
export interface Secrets {
  /** The value, trimmed, or `undefined` where the secret does not exist or is empty. Throws `unavailable`. */
  get(name: string): Promise<string | undefined>;
  /** Every value handed out so far, for redaction by value. */
  known(): readonly string[];
}
