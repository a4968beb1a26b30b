/**
 * The versions of secrets, for those who create and rotate them; who only reads has `Secrets`. Both methods throw
 * `unauthenticated` (no credentials, or not allowed), `unavailable` or `timeout` (a version MAY have been added),
 * `rate_limited` and `rejected`.
 */
export interface SecretVersions {
  /** The value of the newest version, trimmed; undefined where there is no such secret, or its newest version is off or empty. */
  latest(name: string): Promise<string | undefined>;
  /** Adds a version, and the secret itself where it does not exist yet. Resolves to the number of the version. */
  add(name: string, value: string): Promise<string>;
  close(): Promise<void>;
}
