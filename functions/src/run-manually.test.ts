import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp, type App } from './app.ts';
import type { ManualRun } from './run-manually.ts';
import { readConfig } from './config.ts';
import type { Execution } from '#engine/record/execution.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { Notification } from '#records/notifications/notifications.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { startMailjetServer, type MailjetServer } from '#testing/servers/mailjet-server.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import { startSlackServer, type SlackServer } from '#testing/servers/slack-server.ts';

let mailjet: MailjetServer;
let slack: SlackServer;
let app: App;

beforeEach(async () => {
  mailjet = await startMailjetServer({ apiKey: 'mailjet-key', apiSecret: 'mailjet-secret' });
  slack = await startSlackServer();
  const env = {
    CRON_SECRET: 'a-secret-of-thirty-two-characters',
    MAILJET_API_KEY: 'mailjet-key',
    MAILJET_API_SECRET: 'mailjet-secret',
    MAILJET_BASE_URL: mailjet.url,
    SLACK_WEBHOOK_URL: slack.webhookUrl,
    PLAYBOOK_DATABASE: 'sqlite::memory:',
  };
  app = await createApp(readConfig(env), env, { clock: fakeClock(), write: () => undefined });
  await seedSettings(app.documents, await projectDefinitions(), app.clock.now());
  const playbook = Playbook.parse({
    id: 'ops_test',
    name: 'Test',
    inputs: { days: { type: 'number', min: 1, default: 7 } },
    steps: [
      {
        id: 'tell',
        type: 'notify',
        channels: ['email', 'slack', 'dashboard'],
        to: ['reports'],
        subject: '${{ inputs.days }} days',
        body: 'World',
      },
    ],
    criteria: [{ id: 'bad', value: '1', ok: 'false', alert: 'true' }],
    alerts: { channels: ['email', 'slack'], to: ['owner'] },
  });
  await applySeed(app.documents, [{ playbook, version: 'v1', source: '' }], app.clock.now());
});

afterEach(async () => {
  await Promise.all([app.close(), mailjet.close(), slack.close()]);
});

function run(said: Partial<ManualRun> = {}): Promise<Execution> {
  return app.runManually({ playbookId: 'ops_test', by: 'Ann', ...said });
}

async function notifications(): Promise<readonly string[]> {
  const kept = await app.documents.query({ collection: 'playbook_notifications' });
  return kept
    .map(({ data }) => Notification.parse(data))
    .map(({ stepPath, channel, status }) => `${stepPath} ${channel} ${status}`)
    .toSorted();
}

describe('a playbook that is run manually', () => {
  test('tells everybody whom it names', async () => {
    await run();

    expect(mailjet.mails.map(({ to, subject }) => `${to} ${subject}`).toSorted()).toEqual([
      'martez@bakedbot.ai 7 days',
      'martez@bakedbot.ai Test: bad',
      'rishabh@bakedbot.ai 7 days',
      'rishabh@bakedbot.ai Test: bad',
    ]);
    expect(slack.posted).toHaveLength(2);
  });

  test('for one person alone sends to no other, alerts included, and posts nothing where others read', async () => {
    const execution = await run({ onlyTo: 'Ann@bakedbot.ai', inputs: { days: '30' } });

    expect(execution).toMatchObject({ status: 'succeeded', onlyTo: 'ann@bakedbot.ai', inputs: { days: 30 } });
    expect(mailjet.mails.map(({ to, subject }) => `${to} ${subject}`)).toEqual([
      'ann@bakedbot.ai 30 days',
      'ann@bakedbot.ai Test: bad',
    ]);
    expect(slack.posted).toEqual([]);
    expect(await notifications()).toEqual([
      '$alert email sent',
      '$alert slack caught',
      'tell dashboard sent',
      'tell email sent',
      'tell slack caught',
    ]);
  });

  test.each<[string, Partial<ManualRun>, string]>([
    [
      'for somebody who may not be written to',
      { onlyTo: 'eve@evil.example' },
      'onlyTo: "eve@evil.example" is not an allowed',
    ],
    ['with an input that does not fit', { inputs: { days: 0 } }, 'days must be a number of at least 1, but is 0.'],
    ['under an id that is none', { requestId: 'x' }, 'requestId: '],
    ['for a person without end', { by: 'x'.repeat(201) }, 'by: This must have at most 200 characters.'],
  ])('%s is refused before anything is written', async (_, said, expected) => {
    await expect(run(said)).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining(expected),
    });
    expect(await app.documents.query({ collection: 'playbook_executions' })).toEqual([]);
  });

  test('twice under one id is one execution', async () => {
    const first = await run({ requestId: 'abcd-1234', onlyTo: 'ann@bakedbot.ai' });
    const second = await run({ requestId: 'abcd-1234', onlyTo: 'ann@bakedbot.ai' });

    expect(second).toEqual(first);
    expect(first.id).toBe('ops_test_manual_abcd-1234');
    expect(mailjet.mails).toHaveLength(2);
  });

  test('under the id of another start is refused', async () => {
    await run({ requestId: 'abcd-1234', onlyTo: 'ann@bakedbot.ai' });

    await expect(run({ requestId: 'abcd-1234' })).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('was already used for a different start'),
    });
  });
});
