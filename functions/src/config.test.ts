import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';

const MINIMAL = { CRON_SECRET: 'a-cron-secret' };

describe('the configuration', () => {
  test('uses Firestore unless it is told otherwise', () => {
    expect(readConfig(MINIMAL).database).toEqual({ kind: 'firestore', databaseId: undefined });
  });

  test('uses a SQLite file where one is named', () => {
    const config = readConfig({ ...MINIMAL, PLAYBOOK_DATABASE: 'sqlite:.data/playbooks.db' });

    expect(config.database).toEqual({ kind: 'sqlite', file: '.data/playbooks.db' });
  });

  test('takes the newline off a secret', () => {
    expect(readConfig({ CRON_SECRET: 'new-secret\n', CRON_SECRET_PREVIOUS: ' old-secret\r\n' }).cronSecrets).toEqual([
      'new-secret',
      'old-secret',
    ]);
  });

  test.each([
    ['CRON_SECRET that is missing', {}, 'CRON_SECRET is missing or empty'],
    ['CRON_SECRET that is empty', { CRON_SECRET: ' \n' }, 'CRON_SECRET is missing or empty'],
    [
      'half of the Mailjet keys',
      { ...MINIMAL, MAILJET_API_KEY: 'canary-key' },
      'MAILJET_API_SECRET is missing or empty',
    ],
    ['half of the OIDC settings', { ...MINIMAL, CRON_OIDC_EMAIL: 'a@b.c' }, 'CRON_OIDC_AUDIENCE is missing or empty'],
    ['a database it does not know', { ...MINIMAL, PLAYBOOK_DATABASE: 'mysql:x' }, 'PLAYBOOK_DATABASE is "mysql:x"'],
    ['a base URL that is none', { ...MINIMAL, ANTHROPIC_BASE_URL: 'nowhere' }, 'ANTHROPIC_BASE_URL is not a URL'],
    ['a private address without port', { ...MINIMAL, HTTP_ALLOW_PRIVATE: '127.0.0.1' }, 'write host:port'],
    ['a lease that is no time', { ...MINIMAL, PLAYBOOK_LEASE_MS: '0' }, 'PLAYBOOK_LEASE_MS is "0"'],
  ])('refuses %s, by name', (_, env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });

  test.each([
    ['in the cloud', { K_SERVICE: 'playbookrunner' }, '`npm run secrets`, then deploy again'],
    ["on Firebase's emulators", { K_SERVICE: 'x', FUNCTIONS_EMULATOR: 'true' }, 'copy functions/.secret.local.example'],
    ['elsewhere', {}, '`npm start` sets one automatically'],
  ])('says how the secret is set %s', (_, env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });

  test.each([
    'CRON_SECRET',
    'CRON_SECRET_PREVIOUS',
    'ANTHROPIC_API_KEY',
    'MAILJET_API_KEY',
    'MAILJET_API_SECRET',
    'SLACK_WEBHOOK_URL',
  ])('refuses a value of %s that is too short to be redacted, without saying it', (name) => {
    const env = { ...MINIMAL, MAILJET_API_KEY: 'long-enough', MAILJET_API_SECRET: 'long-enough', [name]: ' canary7\n' };

    expect(() => readConfig(env)).toThrow(`- ${name} is shorter than 8 characters`);
    expect(() => readConfig(env, { callers: false })).toThrow(`- ${name} is shorter than 8 characters`);
    expect(() => readConfig(env)).not.toThrow('canary7');
  });

  test('names all problems at once, and no value of a secret', () => {
    const read = () => readConfig({ MAILJET_API_KEY: 'canary', PLAYBOOK_LEASE_MS: 'x' });

    expect(read).toThrow(expect.objectContaining({ code: 'unconfigured' }));
    expect(read).toThrow(/MAILJET_API_SECRET[^]*CRON_SECRET[^]*PLAYBOOK_LEASE_MS/);
    expect(read).not.toThrow('canary');
  });

  test('takes the Secret Manager of this machine where one is named', () => {
    const env = { ...MINIMAL, GOOGLE_CLOUD_PROJECT: 'ours', SECRET_MANAGER_EMULATOR_HOST: '127.0.0.1:8085' };

    expect(readConfig(env).secretManager).toEqual({ projectId: 'ours', local: { host: '127.0.0.1', port: 8085 } });
  });

  test.each([
    ['SECRET_MANAGER_EMULATOR_HOST', 'secrets.evil.example:443'],
    ['SECRET_MANAGER_EMULATOR_HOST', '127.0.0.1.evil.example:80'],
    ['SECRET_MANAGER_EMULATOR_HOST', '127.0.0.1@evil.example:80'],
    ['SECRET_MANAGER_EMULATOR_HOST', '127.0.0.1'],
    ['CRON_OIDC_CERTIFICATES_URL', 'https://evil.example/certs'],
    ['CRON_OIDC_CERTIFICATES_URL', 'http://evil.example:80/certs'],
  ])('lets nothing but this machine stand in for Google: %s=%s', (name, value) => {
    const env = { ...MINIMAL, GOOGLE_CLOUD_PROJECT: 'ours', K_SERVICE: 'playbookrunner', [name]: value };

    expect(() => readConfig(env)).toThrow(`${name} must name a server on this machine`);
  });

  test('needs no CRON_SECRET where nobody calls', () => {
    expect(readConfig({}, { callers: false }).cronSecrets).toEqual([]);
  });

  test('asks Secret Manager only in the cloud', () => {
    const cloud = { ...MINIMAL, GOOGLE_CLOUD_PROJECT: 'ours', K_SERVICE: 'playbookrunner' };

    expect(readConfig(cloud).secretManager).toEqual({ projectId: 'ours' });
    expect(readConfig({ ...cloud, FUNCTIONS_EMULATOR: 'true' }).secretManager).toBeUndefined();
    expect(readConfig({ ...MINIMAL, GOOGLE_CLOUD_PROJECT: 'ours' }).secretManager).toBeUndefined();
  });
});
