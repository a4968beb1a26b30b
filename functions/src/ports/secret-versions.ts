/**
 * The versions of secrets, for creating and rotating them; for reading only, use `Secrets`. Both methods throw
 * `unauthenticated` (no credentials, or not allowed), `unavailable` or `timeout` (a version MAY have been added),
 * `rate_limited` and `rejected`.
 */
export interface SecretVersions {
  /**
   * The value of the newest version, trimmed; undefined if the secret does not exist, or its newest version is disabled
   * or empty.
   */
  latest(name: string): Promise<string | undefined>;
  /** Adds a version; creates the secret if it does not exist. Resolves to the number of the version. */
  add(name: string, value: string): Promise<string>;
  close(): Promise<void>;
}
