import { PlaybookError } from '#core/failure.ts';
import { MIN_SECRET_LENGTH, type Secrets } from './secrets.ts';

/**
 * The same secrets, but `get` throws `unconfigured` for values of fewer than eight characters, which cannot be
 * redacted.
 */
export function refuseShort(secrets: Secrets): Secrets {
  return {
    known: () => secrets.known(),
    async get(name) {
      const value = await secrets.get(name);
      if (value !== undefined && value.length < MIN_SECRET_LENGTH) {
        throw new PlaybookError('unconfigured', shortSecretProblem(name));
      }
      return value;
    },
  };
}

/** The message for a secret that is too short: its name and what to do, never its value. */
export function shortSecretProblem(name: string): string {
  return (
    `${name} is shorter than ${MIN_SECRET_LENGTH} characters, which is too short to be redacted reliably. ` +
    'Replace it with a longer one.'
  );
}
