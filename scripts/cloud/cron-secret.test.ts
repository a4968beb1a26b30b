import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import type { SecretVersions } from '#ports/secret-versions.ts';
import { applyCronSecret, planCronSecrets } from './cron-secret.ts';

type Values = Readonly<Partial<Record<string, string>>>;

/** Secrets in memory that keep every state they were in, and fail at the `failAt`-th change. */
function secretsWith(first: Values, failAt = Infinity): SecretVersions & { readonly states: Values[] } {
  const states: Values[] = [first];
  return {
    states,
    latest: async (name) => states.at(-1)?.[name],
    async add(name, value) {
      if (states.length === failAt) throw new PlaybookError('unavailable', 'Secret Manager is out of reach.');
      states.push({ ...states.at(-1), [name]: value });
      return String(states.length);
    },
    close: async () => undefined,
  };
}

async function rotate(secrets: SecretVersions): Promise<void> {
  for (const step of await planCronSecrets(secrets, true)) await applyCronSecret(secrets, step);
}

describe('a rotation', () => {
  test('accepts at every moment what the scheduler sends', async () => {
    const secrets = secretsWith({ CRON_SECRET: 'sent-until-now', CRON_SECRET_PREVIOUS: 'sent-before' });

    await rotate(secrets);

    expect(secrets.states).toHaveLength(3);
    for (const state of secrets.states) expect(Object.values(state)).toContain('sent-until-now');
    expect(secrets.states.at(-1)?.['CRON_SECRET']).not.toBe('sent-until-now');
  });

  test('that was interrupted between its two changes is completed by the next one', async () => {
    const broken = secretsWith({ CRON_SECRET: 'sent-until-now', CRON_SECRET_PREVIOUS: 'sent-before' }, 2);
    await expect(rotate(broken)).rejects.toMatchObject({ code: 'unavailable' });

    const again = secretsWith(broken.states.at(-1) ?? {});
    await rotate(again);

    expect(again.states.at(-1)).toMatchObject({ CRON_SECRET_PREVIOUS: 'sent-until-now' });
    expect(again.states.at(-1)?.['CRON_SECRET']).not.toBe('sent-until-now');
  });

  test('creates a missing previous secret', async () => {
    const secrets = secretsWith({ CRON_SECRET: 'sent-until-now' });

    await rotate(secrets);

    expect(secrets.states.at(-1)?.['CRON_SECRET_PREVIOUS']).toBe('sent-until-now');
  });

  test('creates both secrets if none exists', async () => {
    const secrets = secretsWith({});

    await rotate(secrets);

    expect(Object.keys(secrets.states.at(-1) ?? {}).toSorted()).toEqual(['CRON_SECRET', 'CRON_SECRET_PREVIOUS']);
  });
});

test('an existing secret is replaced only on request', async () => {
  expect(
    await planCronSecrets(secretsWith({ CRON_SECRET: 'sent-until-now', CRON_SECRET_PREVIOUS: 'sent-before' }), false),
  ).toEqual([]);
});

test('only a missing secret is created', async () => {
  const steps = await planCronSecrets(secretsWith({ CRON_SECRET: 'sent-until-now' }), false);

  expect(steps).toMatchObject([{ name: 'CRON_SECRET_PREVIOUS', value: 'fresh' }]);
});

describe('a secret that is too short for the runner', () => {
  test('is refused by name, never by its value', async () => {
    const planned = planCronSecrets(secretsWith({ CRON_SECRET: 'canary7' }), false);

    await expect(planned).rejects.toThrow(/^CRON_SECRET is shorter than 8 characters[^]*npm run secrets -- --rotate/);
    await expect(planned).rejects.not.toThrow('canary7');
  });

  test('is replaced by a rotation, and not kept as the previous one', async () => {
    const secrets = secretsWith({ CRON_SECRET: 'canary7', CRON_SECRET_PREVIOUS: 'canary6' });

    await rotate(secrets);

    for (const value of Object.values(secrets.states.at(-1) ?? {})) expect(value).toMatch(/^[\w-]{43}$/);
  });
});
