import { PlaybookError } from '#core/failure.ts';

/**
 * Resolves if this process has Google credentials. Without them, Google's database clients end the process with their
 * own error long after the call, so commands check first. Throws `unauthenticated` with what to do; `instead` is the
 * alternative to offer.
 */
export async function requireGoogleCredentials(instead: string): Promise<void> {
  const { GoogleAuth } = await import('google-auth-library');
  try {
    await new GoogleAuth().getApplicationDefault();
  } catch (cause) {
    throw new PlaybookError(
      'unauthenticated',
      `This machine has no Google credentials. Run gcloud auth application-default login, or set ${instead}.`,
      { cause },
    );
  }
}
