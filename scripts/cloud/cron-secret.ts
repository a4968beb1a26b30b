import { randomBytes } from 'node:crypto';
import { PlaybookError } from '#core/failure.ts';
import { shortSecretProblem } from '#ports/refuse-short.ts';
import type { SecretVersions } from '#ports/secret-versions.ts';
import { MIN_SECRET_LENGTH } from '#ports/secrets.ts';

/** The secret that Cloud Scheduler sends, and the previous one, which the runner still accepts. */
export type CronSecretName = 'CRON_SECRET' | 'CRON_SECRET_PREVIOUS';

/** One version to add: a fresh value, or the current value of `CRON_SECRET`. Never contains a value itself. */
export interface CronSecretStep {
  readonly name: CronSecretName;
  readonly value: 'fresh' | 'current';
  readonly reason: string;
}

/**
 * The steps that create or rotate the secrets, in an order that never leads to a refused call: the value in use becomes
 * the previous one before a new value replaces it, so a runner that starts in between accepts what is being sent. To
 * complete an interrupted rotation, rotate again. A value that is too short for the runner is never passed on. Throws
 * what the port throws, and `unconfigured` if an existing value is too short and no rotation was requested.
 */
export async function planCronSecrets(secrets: SecretVersions, rotate: boolean): Promise<readonly CronSecretStep[]> {
  const current = await secrets.latest('CRON_SECRET');
  const previous = await secrets.latest('CRON_SECRET_PREVIOUS');
  if (current !== undefined && rotate) return rotation(current, previous);
  refuseShortValues({ CRON_SECRET: current, CRON_SECRET_PREVIOUS: previous });
  return creation(current, previous);
}

function rotation(current: string, previous: string | undefined): readonly CronSecretStep[] {
  return [...keptValue(current, previous), { name: 'CRON_SECRET', value: 'fresh', reason: 'a new value' }];
}

/** The step after which the runner still accepts the value being sent, if it accepts that value at all. */
function keptValue(current: string, previous: string | undefined): readonly CronSecretStep[] {
  const name = 'CRON_SECRET_PREVIOUS';
  if (isShort(current)) {
    const reason = 'a random placeholder: the current value is too short, so no runner accepts it';
    return [{ name, value: 'fresh', reason }];
  }
  if (previous === current) return [];
  return [{ name, value: 'current', reason: 'keeps calls with the current value valid' }];
}

function creation(current: string | undefined, previous: string | undefined): readonly CronSecretStep[] {
  const steps: CronSecretStep[] = [];
  if (previous === undefined) {
    const reason = 'a random placeholder: no previous value exists';
    steps.push({ name: 'CRON_SECRET_PREVIOUS', value: 'fresh', reason });
  }
  if (current === undefined) steps.push({ name: 'CRON_SECRET', value: 'fresh', reason: 'the first value' });
  return steps;
}

/**
 * Adds one version and resolves to its number. Throws what the port throws; `unconfigured` if there is nothing to copy.
 */
export async function applyCronSecret(secrets: SecretVersions, step: CronSecretStep): Promise<string> {
  if (step.value === 'fresh') return secrets.add(step.name, randomBytes(32).toString('base64url'));
  const current = await secrets.latest('CRON_SECRET');
  if (current === undefined) {
    throw new PlaybookError('unconfigured', 'CRON_SECRET no longer has a usable version. Run npm run secrets again.');
  }
  return secrets.add(step.name, current);
}

function isShort(value: string | undefined): boolean {
  return value !== undefined && value.length < MIN_SECRET_LENGTH;
}

function refuseShortValues(values: Readonly<Record<CronSecretName, string | undefined>>): void {
  const short = Object.entries(values).filter(([, value]) => isShort(value));
  if (short.length === 0) return;
  const problems = short.map(([name]) => shortSecretProblem(name));
  throw new PlaybookError('unconfigured', [...problems, 'To replace it: npm run secrets -- --rotate'].join(' '));
}
