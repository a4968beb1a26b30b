import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSecretManagerServer, type SecretManagerServer } from '#testing/servers/secret-manager-server.ts';
import { main } from './create-secrets.ts';
import { recordingTerminal, type RecordingTerminal } from '../terminal/recording-terminal.ts';

let server: SecretManagerServer;
let terminal: RecordingTerminal;

beforeEach(async () => {
  server = await startSecretManagerServer();
  terminal = recordingTerminal({
    directory: import.meta.dirname,
    env: { SECRET_MANAGER_EMULATOR_HOST: `${server.host}:${server.port}`, GOOGLE_CLOUD_PROJECT: 'demo-playbooks' },
  });
});

afterEach(async () => {
  await server.close();
});

function valuesOf(name: string): readonly (string | undefined)[] {
  const versions = server.secrets.get(`projects/demo-playbooks/secrets/${name}`)?.versions ?? [];
  return versions.map(({ data }) => data?.toString('utf8'));
}

describe('npm run secrets', () => {
  test('creates both secrets, each with 32 random bytes', async () => {
    expect(await main([], terminal)).toBe(0);

    const [current, previous] = [valuesOf('CRON_SECRET'), valuesOf('CRON_SECRET_PREVIOUS')];
    expect(current).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect(previous).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect(current).not.toEqual(previous);
  });

  test('leaves existing secrets alone', async () => {
    await main([], terminal);
    const before = valuesOf('CRON_SECRET');

    expect(await main([], terminal)).toBe(0);

    expect(valuesOf('CRON_SECRET')).toEqual(before);
    expect(terminal.text()).toContain('To replace them, pass --rotate');
  });

  test('keeps the value in use valid when it rotates', async () => {
    await main([], terminal);
    const [first] = valuesOf('CRON_SECRET');

    expect(await main(['--rotate'], terminal)).toBe(0);

    expect(valuesOf('CRON_SECRET')).toHaveLength(2);
    expect(valuesOf('CRON_SECRET').at(-1)).not.toBe(first);
    expect(valuesOf('CRON_SECRET_PREVIOUS').at(-1)).toBe(first);
  });

  test('prints the next commands, and never a value', async () => {
    await main([], terminal);
    await main(['--rotate'], terminal);

    const text = terminal.text();
    expect(text).toContain('deploy --only functions:playbooks --project demo-playbooks');
    expect(text).toContain('npm run schedulers -- --project demo-playbooks');
    for (const value of [...valuesOf('CRON_SECRET'), ...valuesOf('CRON_SECRET_PREVIOUS')]) {
      expect(text).not.toContain(value);
    }
  });

  test('changes nothing with --dry-run', async () => {
    expect(await main(['--dry-run'], terminal)).toBe(0);

    expect(server.secrets.size).toBe(0);
    expect(terminal.text()).toContain('CRON_SECRET: would get a version');
  });

  test('refuses a secret that is too short for the runner, and replaces it with --rotate', async () => {
    const short = { number: 1, data: Buffer.from('canary7'), state: 'ENABLED' } as const;
    server.secrets.set('projects/demo-playbooks/secrets/CRON_SECRET', { labels: {}, versions: [short] });

    expect(await main([], terminal)).toBe(1);
    expect(terminal.errors.join()).toContain('CRON_SECRET is shorter than 8 characters');
    expect(await main(['--rotate'], terminal)).toBe(0);
    expect(valuesOf('CRON_SECRET').at(-1)).toMatch(/^[\w-]{43}$/);
    expect(valuesOf('CRON_SECRET_PREVIOUS').at(-1)).toMatch(/^[\w-]{43}$/);
    expect(terminal.text() + terminal.errors.join()).not.toContain('canary7');
  });

  test('says why it failed', async () => {
    server.faults.push({ code: 403, status: 'PERMISSION_DENIED', message: 'Permission denied on the project.' });

    expect(await main([], terminal)).toBe(1);
    expect(terminal.errors.join()).toContain('Permission denied on the project.');
  });
});
