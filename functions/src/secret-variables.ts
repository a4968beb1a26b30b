import { shortSecretProblem } from '#ports/refuse-short.ts';
import { MIN_SECRET_LENGTH, OWN_SECRET_NAMES } from '#ports/secrets.ts';
import type { Variables } from './variables.ts';

/** Secrets that are only useful in pairs. */
const PAIRS = [
  ['MAILJET_API_KEY', 'MAILJET_API_SECRET'],
  ['CRON_OIDC_AUDIENCE', 'CRON_OIDC_EMAIL'],
] as const;

/** Whether the process answers calls and therefore needs the callers' secret; and where it runs. */
export interface Surroundings {
  readonly callers: boolean;
  readonly isCloud: boolean;
}

/** Reports secrets that are missing, incomplete pairs, or too short; messages contain names, never values. */
export function checkSecrets(variables: Variables, { callers, isCloud }: Surroundings): void {
  const { text, report } = variables;
  for (const [first, second] of PAIRS) {
    reportMissing(second, first, variables);
    reportMissing(first, second, variables);
  }
  for (const name of OWN_SECRET_NAMES) if (isShort(text(name))) report(shortSecretProblem(name));
  if (callers && text('CRON_SECRET') === undefined) {
    report(`CRON_SECRET is missing or empty. ${howToSetSecret(text, isCloud)}`);
  }
}

function reportMissing(missing: string, present: string, { text, report }: Variables): void {
  if (text(present) === undefined || text(missing) !== undefined) return;
  report(`${missing} is missing or empty, and ${present} has no effect without it.`);
}

function isShort(secret: string | undefined): boolean {
  return secret !== undefined && secret.length < MIN_SECRET_LENGTH;
}

function howToSetSecret(text: Variables['text'], isCloud: boolean): string {
  if (isCloud) return 'Create it with `npm run secrets`, then deploy again.';
  if (text('FUNCTIONS_EMULATOR') !== undefined) {
    return "Firebase's emulators read it from functions/.secret.local: copy functions/.secret.local.example to it.";
  }
  return '`npm start` sets one automatically; otherwise set it in the environment, to the value that callers will send.';
}
