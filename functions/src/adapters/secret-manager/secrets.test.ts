import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Secrets } from '#ports/secrets.ts';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import {
  startSecretManagerServer,
  type KeptVersion,
  type SecretManagerServer,
} from '#testing/servers/secret-manager-server.ts';
import { secretManagerSecrets } from './secrets.ts';

let server: SecretManagerServer;
let clock: FakeClock;

beforeEach(async () => {
  server = await startSecretManagerServer();
  clock = fakeClock();
});
afterEach(() => server.close());

function secretsFor(env: Record<string, string> = {}, timeoutMs = 5_000): Secrets {
  return secretManagerSecrets({ projectId: 'shop', env, clock, timeoutMs, local: server });
}

function keep(name: string, ...values: readonly string[]): void {
  const versions = values.map((value, index): KeptVersion => {
    return { number: index + 1, data: Buffer.from(value), state: 'ENABLED' };
  });
  server.secrets.set(`projects/shop/secrets/${name}`, { labels: {}, versions });
}

describe('secrets from Secret Manager', () => {
  test('the newest version is read, without the line break at its end', async () => {
    keep('CRON_SECRET', 'old', 'new\n');
    expect(await secretsFor().get('CRON_SECRET')).toBe('new');
  });

  test('the environment comes first, and Google is not asked', async () => {
    keep('CRON_SECRET', 'stored');
    expect(await secretsFor({ CRON_SECRET: ' local \n' }).get('CRON_SECRET')).toBe('local');
    expect(server.calls).toEqual([]);
  });

  test('an empty environment variable does not hide the stored secret', async () => {
    keep('CRON_SECRET', 'stored');
    expect(await secretsFor({ CRON_SECRET: '' }).get('CRON_SECRET')).toBe('stored');
  });

  test('a secret that does not exist is undefined', async () => {
    expect(await secretsFor().get('NOBODY')).toBeUndefined();
  });

  test('a secret without versions is undefined', async () => {
    keep('EMPTY');
    expect(await secretsFor().get('EMPTY')).toBeUndefined();
  });

  test('a secret of white space only is undefined and not redacted', async () => {
    keep('BLANK', ' \n');
    const secrets = secretsFor();
    expect(await secrets.get('BLANK')).toBeUndefined();
    expect(secrets.known()).toEqual([]);
  });

  test('a secret whose newest version is disabled is undefined', async () => {
    server.secrets.set('projects/shop/secrets/OFF', {
      labels: {},
      versions: [{ number: 1, data: Buffer.from('x'), state: 'DISABLED' }],
    });
    expect(await secretsFor().get('OFF')).toBeUndefined();
  });

  test('a value is kept for five minutes and then read again', async () => {
    keep('KEY', 'one');
    const secrets = secretsFor();
    await secrets.get('KEY');
    keep('KEY', 'one', 'two');
    clock.advance(299_000);
    expect(await secrets.get('KEY')).toBe('one');
    clock.advance(1_000);
    expect(await secrets.get('KEY')).toBe('two');
    expect(server.calls).toHaveLength(2);
  });

  test('every value handed out is known, the rotated ones too', async () => {
    keep('KEY', 'one');
    const secrets = secretsFor();
    await secrets.get('KEY');
    keep('KEY', 'one', 'two');
    clock.advance(300_000);
    await secrets.get('KEY');
    expect(secrets.known()).toEqual(['one', 'two']);
  });

  test('two readers at once cost one call', async () => {
    keep('KEY', 'one');
    const secrets = secretsFor();
    await Promise.all([secrets.get('KEY'), secrets.get('KEY')]);
    expect(server.calls).toEqual(['GET /v1/projects/shop/secrets/KEY/versions/latest:access']);
  });

  test('a refused permission needs a person, and is not cached', async () => {
    keep('KEY', 'one');
    server.faults.push({ code: 403, status: 'PERMISSION_DENIED', message: 'Permission denied on resource.' });
    const secrets = secretsFor();
    await expect(secrets.get('KEY')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await secrets.get('KEY')).toBe('one');
  });

  test('a service that is down is unavailable', async () => {
    server.faults.push({ code: 503, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' });
    await expect(secretsFor().get('KEY')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a service that does not answer runs into our own limit', async () => {
    server.faults.push('hang');
    await expect(secretsFor({}, 300).get('KEY')).rejects.toMatchObject({ code: 'timeout' });
  });
});
