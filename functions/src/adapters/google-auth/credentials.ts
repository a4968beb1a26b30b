import { PlaybookError } from '#core/failure.ts';

/**
 * Resolves when this process has Google credentials. Without them the clients of Google's databases end the process with
 * an error of their own, long after the call, so commands ask first. Throws `unauthenticated` with what to do; `instead` is what
 * else would do.
 */
export async function requireGoogleCredentials(instead: string): Promise<void> {
  const { GoogleAuth } = await import('google-auth-library');
  try {
    await new GoogleAuth().getApplicationDefault();
  } catch (cause) {
    throw new PlaybookError(
      'unauthenticated',
      `There are no Google credentials here. Run gcloud auth application-default login, or set ${instead}.`,
      { cause },
    );
  }
}
