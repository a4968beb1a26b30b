import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCloudSchedulerServer, type CloudSchedulerServer } from '#testing/servers/cloud-scheduler-server.ts';
import { startSecretManagerServer } from '#testing/servers/secret-manager-server.ts';
import { recordingTerminal, type RecordingTerminal } from '../terminal/recording-terminal.ts';
import { main } from './setup-operational-schedulers.ts';

const PARENT = 'projects/demo-playbooks/locations/us-central1/jobs';
const SECRET = 'canary-secret-of-the-scheduler';

let directory: string;
let server: CloudSchedulerServer;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'schedulers-'));
  server = await startCloudSchedulerServer();
  await write('ops_first');
  await write('ops_second');
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

async function write(id: string, changes: { readonly cron?: string; readonly enabled?: boolean } = {}): Promise<void> {
  const schedule = `schedule: { cron: "${changes.cron ?? '0 9 * * 1-5'}", timeZone: America/New_York }`;
  const step = '  - { id: tell, type: notify, channels: [dashboard], subject: Hello, body: All is well }';
  const lines = [
    `id: ${id}`,
    `name: Playbook ${id}`,
    `enabled: ${changes.enabled ?? true}`,
    schedule,
    'steps:',
    step,
    '',
  ];
  await writeFile(join(directory, `${id}.yaml`), lines.join('\n'));
}

function aTerminal(
  options: { readonly env?: Record<string, string>; readonly answers?: 'yes' | 'no' } = {},
): RecordingTerminal {
  const env = { CLOUD_SCHEDULER_EMULATOR_HOST: `${server.host}:${server.port}`, CRON_SECRET: SECRET, ...options.env };
  return recordingTerminal({ directory, env, ...(options.answers ? { answers: options.answers } : {}) });
}

async function schedulers(terminal: RecordingTerminal, ...argv: string[]): Promise<number> {
  return main(['--project', 'demo-playbooks', '--playbooks', '.', ...argv], terminal);
}

function job(name: string): unknown {
  return server.jobs.get(`${PARENT}/${name}`);
}

describe('npm run schedulers', () => {
  test('creates a job for each playbook', async () => {
    const terminal = aTerminal();

    expect(await schedulers(terminal, '--yes')).toBe(0);

    expect([...server.jobs.keys()]).toEqual([`${PARENT}/ops-first`, `${PARENT}/ops-second`]);
    expect(job('ops-first')).toMatchObject({
      schedule: '0 9 * * 1-5',
      timeZone: 'America/New_York',
      attemptDeadline: '1800s',
      retryConfig: { retryCount: 3 },
      httpTarget: {
        uri: 'https://us-central1-demo-playbooks.cloudfunctions.net/playbookRunner?playbookId=ops_first',
        headers: { Authorization: `Bearer ${SECRET}` },
      },
    });
    expect(terminal.text()).toContain('✓ ops-first: created');
  });

  test('finds nothing to do the second time', async () => {
    await schedulers(aTerminal(), '--yes');
    const terminal = aTerminal();

    expect(await schedulers(terminal)).toBe(0);

    expect(terminal.text()).toContain('Nothing to do.');
    expect(server.calls.at(-1)?.method).toBe('GET');
  });

  test('asks before it changes anything, and changes nothing without a yes', async () => {
    const terminal = aTerminal({ answers: 'no' });

    expect(await schedulers(terminal)).toBe(1);

    expect(terminal.questions).toEqual(['Make 2 changes?']);
    expect(server.jobs.size).toBe(0);
  });

  test('makes the changes after a yes', async () => {
    expect(await schedulers(aTerminal({ answers: 'yes' }))).toBe(0);
    expect(server.jobs.size).toBe(2);
  });

  test('changes nothing if there is no terminal', async () => {
    const terminal = aTerminal();

    expect(await schedulers(terminal)).toBe(1);
    expect(terminal.text()).toContain('Pass --yes');
    expect(server.jobs.size).toBe(0);
  });

  test('with --dry-run changes nothing', async () => {
    const terminal = aTerminal();

    expect(await schedulers(terminal, '--dry-run')).toBe(0);
    expect(terminal.text()).toMatch(/create +ops-first +0 9 \* \* 1-5 \(America\/New_York\)/);
    expect(server.jobs.size).toBe(0);
  });

  test('updates a job that differs, pauses the job of a disabled playbook, and says so', async () => {
    await schedulers(aTerminal(), '--yes');
    await write('ops_first', { cron: '30 8 * * 1-5' });
    await write('ops_second', { enabled: false });
    const terminal = aTerminal();

    expect(await schedulers(terminal, '--yes')).toBe(0);

    expect(terminal.text()).toContain('0 9 * * 1-5 → 30 8 * * 1-5');
    expect(job('ops-first')).toMatchObject({ schedule: '30 8 * * 1-5', state: 'ENABLED' });
    expect(job('ops-second')).toMatchObject({ schedule: '0 9 * * 1-5', state: 'PAUSED' });
  });

  test('resumes the job of a playbook that was enabled again', async () => {
    await schedulers(aTerminal(), '--yes');
    await write('ops_second', { enabled: false });
    await schedulers(aTerminal(), '--yes');
    expect(job('ops-second')).toMatchObject({ state: 'PAUSED' });
    await write('ops_second', { enabled: true });

    await schedulers(aTerminal(), '--yes');

    expect(job('ops-second')).toMatchObject({ state: 'ENABLED' });
  });

  test('never touches a foreign job, and says if one has the name of ours', async () => {
    const made = { timeZone: 'UTC', state: 'ENABLED', userUpdateTime: '2026-01-01T00:00:00Z' } as const;
    const theirs = { ...made, schedule: '* * * * *', description: 'Ours, manual', pubsubTarget: { topicName: 'x' } };
    for (const name of ['ops-first', 'ops-first-2', 'billing']) {
      server.jobs.set(`${PARENT}/${name}`, { ...theirs, name: `${PARENT}/${name}` });
    }
    const terminal = aTerminal();

    expect(await schedulers(terminal, '--yes')).toBe(1);

    for (const name of ['ops-first', 'ops-first-2', 'billing']) expect(job(name)).toMatchObject(theirs);
    expect(job('ops-second')).toBeDefined();
    expect(terminal.text()).toMatch(/taken +ops-first +It has the name of the job of ops_first/);
    expect(terminal.text()).toContain('2 other jobs not created by this command: left alone.');
  });

  test('never prints the secret, neither in text nor as JSON', async () => {
    const terminals = [aTerminal(), aTerminal({ env: { CRON_SECRET: 'canary-rotated' } })];
    await schedulers(terminals[0] ?? aTerminal(), '--yes');
    await schedulers(terminals[1] ?? aTerminal(), '--yes', '--json');

    const printed = terminals.map((terminal) => terminal.text()).join('\n');
    expect(printed).toContain('with another value (not shown)');
    expect(printed).not.toContain('canary');
    expect(job('ops-first')).toMatchObject({ httpTarget: { headers: { Authorization: 'Bearer canary-rotated' } } });
  });

  test('reads the secret from Secret Manager if the environment has none', async () => {
    const secrets = await startSecretManagerServer();
    const version = { number: 1, data: Buffer.from('from-secret-manager'), state: 'ENABLED' } as const;
    secrets.secrets.set('projects/demo-playbooks/secrets/CRON_SECRET', { labels: {}, versions: [version] });
    const env = { CRON_SECRET: '', SECRET_MANAGER_EMULATOR_HOST: `${secrets.host}:${secrets.port}` };

    const exitCode = await schedulers(
      aTerminal({ env }),
      '--yes',
      '--oidc-service-account',
      'caller@demo.iam.gserviceaccount.com',
    );
    await secrets.close();

    expect(exitCode).toBe(0);
    expect(job('ops-first')).toMatchObject({
      httpTarget: {
        headers: { 'X-Cron-Secret': 'from-secret-manager' },
        oidcToken: { serviceAccountEmail: 'caller@demo.iam.gserviceaccount.com' },
      },
    });
  });

  test.each([
    ['http://runner.example.com/', 'must be an https:// URL'],
    ['nonsense', 'must be an https:// URL'],
  ])('refuses to send the secret to %s', async (url, message) => {
    const terminal = aTerminal();

    expect(await schedulers(terminal, '--yes', '--url', url)).toBe(1);
    expect(terminal.text()).toContain(message);
    expect(server.calls).toEqual([]);
  });
});
