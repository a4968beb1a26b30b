import * as adapter from '#adapters/google-auth/credentials.ts';

/**
 * Resolves when this machine has Google credentials. Throws `unauthenticated` with what to do; `instead` is the alternative.
 * Whether this is a machine of Google's cloud is read from the machine: asking its metadata server takes seconds anywhere
 * else, and ends in a warning below the message.
 */
export async function requireGoogleCredentials(instead: string): Promise<void> {
  process.env['METADATA_SERVER_DETECTION'] ??= 'bios-only';
  await adapter.requireGoogleCredentials(instead);
}
