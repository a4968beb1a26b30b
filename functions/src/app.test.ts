import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp, type App } from './app.ts';
import { readConfig } from './config.ts';
import type { Execution, FinishedExecution } from '#engine/record/execution.ts';
import { Alerts, Playbook } from '#language/playbook/playbook.ts';
import { listNotifications } from '#records/notifications/notifications.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { startClaudeServer, type ClaudeReply, type ClaudeServer } from '#testing/servers/claude-server.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { startMailjetServer, type MailjetServer } from '#testing/servers/mailjet-server.ts';
import { startSlackServer, type SlackServer } from '#testing/servers/slack-server.ts';

const CANARIES = {
  CRON_SECRET: 'canary-cron-secret',
  ANTHROPIC_API_KEY: 'canary-anthropic-key',
  MAILJET_API_KEY: 'canary-mailjet-key',
  MAILJET_API_SECRET: 'canary-mailjet-secret',
  PARTNER_TOKEN: 'canary-partner-token',
};

let claude: ClaudeServer;
let mailjet: MailjetServer;
let slack: SlackServer;
let app: App;
let logged: string[];

beforeEach(async () => {
  claude = await startClaudeServer({ apiKey: CANARIES.ANTHROPIC_API_KEY });
  mailjet = await startMailjetServer({ apiKey: CANARIES.MAILJET_API_KEY, apiSecret: CANARIES.MAILJET_API_SECRET });
  slack = await startSlackServer();
  logged = [];
  const env = {
    ...CANARIES,
    SLACK_WEBHOOK_URL: slack.webhookUrl,
    PLAYBOOK_DATABASE: 'sqlite::memory:',
    ANTHROPIC_BASE_URL: claude.url,
    MAILJET_BASE_URL: mailjet.url,
    HTTP_ALLOW_PRIVATE: `${claude.host}:${claude.port}`,
  };
  app = await createApp(readConfig(env), env, { clock: fakeClock(), write: (line) => logged.push(line) });
  await seedSettings(app.documents, await projectDefinitions(), app.clock.now());
});

afterEach(async () => {
  await Promise.all([app.close(), claude.close(), mailjet.close(), slack.close()]);
});

/** Seeds a playbook of these steps and runs it; the record is what counts. */
async function run(steps: Playbook['steps'], rest: Partial<Playbook> = {}): Promise<FinishedExecution> {
  const playbook = Playbook.parse({ id: 'ops_test', name: 'Test', ...rest, steps });
  await applySeed(app.documents, [{ playbook, version: 'v1', source: '' }], app.clock.now());
  return finished(await app.runManually({ playbookId: 'ops_test', by: 'a test' }));
}

const report = { id: 'report', type: 'synthesize', instructions: 'Say how many signed up.', with: { signups: 12 } };
const mail = { id: 'mail', type: 'notify', channels: ['email'], to: ['reports'], subject: 'Hello', body: 'World' };
const post = { id: 'post', type: 'notify', channels: ['slack'], subject: 'Hello', body: 'World' };
const written: ClaudeReply = {
  kind: 'text',
  text: JSON.stringify({ title: 'Signups', markdown: 'There were {{signups}} signups.', actionItems: [] }),
  usage: { input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
};

describe('what Claude answers is visible in the record:', () => {
  test('a report, with model, tokens and cost', async () => {
    claude.replies.push(written);

    const { steps, results, spend } = await run([report]);

    expect(results['report']).toMatchObject({ title: 'Signups', markdown: 'There were 12 signups.' });
    expect(steps['report']?.attempts[0]?.modelCalls).toMatchObject([
      { model: 'claude-sonnet-5-5', inputTokens: 1000, outputTokens: 100 },
    ]);
    expect(spend).toMatchObject({ modelCalls: 1, costUsd: (1000 * 2 + 100 * 10) / 1e6 });
  });

  test.each<[string, ClaudeReply, string]>([
    ['429 with retry-after', { kind: 'rate_limited', retryAfter: '20' }, 'rate_limited'],
    ['529', { kind: 'overloaded' }, 'unavailable'],
    ['500', { kind: 'error', status: 500, type: 'api_error', message: 'Internal' }, 'unavailable'],
    ['a cut connection', { kind: 'cut' }, 'unavailable'],
  ])('%s, and then the report', async (_, trouble, code) => {
    claude.replies.push(trouble, written);

    const { status, steps } = await run([report]);

    expect(status).toBe('succeeded');
    expect(steps['report']?.attempts).toMatchObject([{ status: 'failed', failure: { code } }, { status: 'succeeded' }]);
  });

  test('429 is waited for as long as it asks', async () => {
    claude.replies.push({ kind: 'rate_limited', retryAfter: '20' }, written);

    expect((await run([report])).duration).toBeGreaterThanOrEqual(20_000);
  });

  test.each<[string, ClaudeReply]>([
    ['a refusal', { kind: 'refusal' }],
    ['an answer that is cut off', { kind: 'max_tokens', text: '{"title": "Sig' }],
    ['garbage', { kind: 'text', text: 'I would rather not write JSON.' }],
    [
      'figures that are not in the data',
      { kind: 'text', text: JSON.stringify({ title: 'Signups', markdown: 'There were 99 signups.', actionItems: [] }) },
    ],
    ['a spend limit', { kind: 'spend_limit' }],
  ])('%s, and a plain report of the figures instead', async (_, reply) => {
    claude.replies.push(reply, reply, reply, reply);

    const { status, results } = await run([report]);

    expect(status).toBe('succeeded');
    expect(results['report']).toMatchObject({ model: 'none', degraded: true });
    expect(results['report']).toMatchObject({ markdown: expect.stringMatching(/12/) });
    expect(results['report']).toMatchObject({ markdown: expect.not.stringMatching(/99/) });
  });

  test.each<[number, string, string]>([
    [400, 'invalid_request_error', 'rejected'],
    [401, 'authentication_error', 'unauthenticated'],
    [402, 'billing_error', 'budget_exceeded'],
    [403, 'permission_error', 'unauthenticated'],
    [404, 'not_found_error', 'rejected'],
    [413, 'request_too_large', 'rejected'],
  ])('%i at once, a plain report of the figures, and one word to people', async (status, type, code) => {
    const refused: ClaudeReply = { kind: 'error', status, type, message: 'No such luck.' };
    claude.replies.push(refused, refused);
    const alerts = Alerts.parse({ channels: ['slack'] });

    const execution = await run([report, { ...report, id: 'again' }], { alerts });

    expect(execution.status).toBe('succeeded');
    for (const id of ['report', 'again']) {
      expect(execution.steps[id]?.attempts).toHaveLength(1);
      expect(execution.results[id]).toMatchObject({
        model: 'none',
        degraded: true,
        reason: expect.stringMatching(new RegExp(String.raw`\(${code}\).* answered ${status}: No such luck\.`)),
        markdown: expect.stringContaining(`answered ${status}: No such luck`),
      });
    }
    const { items } = await listNotifications(app.documents, {}, { limit: 10 });
    expect(items.map(({ channel }) => channel).toSorted()).toEqual(['dashboard', 'slack']);
    expect(slack.posted).toHaveLength(1);
  });
});

describe('what becomes of a mail is visible in the record:', () => {
  test('sent, with the id of Mailjet', async () => {
    const { results } = await run([mail]);

    expect(mailjet.mails.map(({ to }) => to).toSorted()).toEqual(['martez@bakedbot.ai', 'rishabh@bakedbot.ai']);
    expect(results['mail']).toMatchObject({ deliveries: [{ status: 'sent' }, { status: 'sent' }] });
  });

  test('one recipient is refused inside a 200: the other has it, and only once', async () => {
    mailjet.refusedAddresses.set('rishabh@bakedbot.ai', 400);

    const execution = await run([mail]);

    expect(mailjet.mails.map(({ to }) => to)).toEqual(['martez@bakedbot.ai']);
    expect(execution).toMatchObject({
      status: 'failed',
      failure: {
        code: 'rejected',
        details: {
          deliveries: [
            { to: 'martez@bakedbot.ai', status: 'sent' },
            { to: 'rishabh@bakedbot.ai', status: 'failed' },
          ],
        },
      },
    });
  });

  test.each<[string, MailjetServer['faults'][number], string]>([
    ['429', { kind: 'status', status: 429, message: 'Slow down', retryAfter: '5' }, 'rate_limited'],
    ['503', { kind: 'status', status: 503, message: 'Down' }, 'unavailable'],
    ['a cut connection', { kind: 'cut' }, 'unavailable'],
  ])('%s, and then sent', async (_, fault, code) => {
    mailjet.faults.push(fault);

    const { status, steps } = await run([mail]);

    expect(status).toBe('succeeded');
    expect(steps['mail']?.attempts).toMatchObject([{ status: 'failed', failure: { code } }, { status: 'succeeded' }]);
    expect(mailjet.mails).toHaveLength(2);
  });
});

describe('what becomes of a Slack message is visible in the record:', () => {
  test('429, waited for, and then sent', async () => {
    slack.faults.push({ kind: 'status', status: 429, word: 'rate_limited', retryAfter: '30' });

    const { status, duration, steps } = await run([post]);

    expect([status, slack.posted.length]).toEqual(['succeeded', 1]);
    expect(duration).toBeGreaterThanOrEqual(30_000);
    expect(steps['post']?.attempts[0]).toMatchObject({ failure: { code: 'rate_limited', retryAfterMs: 30_000 } });
  });

  test('a webhook that was revoked needs a person', async () => {
    slack.faults.push({ kind: 'status', status: 404, word: 'no_service' });

    expect(await run([post])).toMatchObject({
      status: 'failed',
      failure: { code: 'unauthenticated', class: 'needs_person' },
    });
  });
});

describe('a secret', () => {
  test('is in no record, log, mail, message or prompt', async () => {
    const leaking = Object.values(CANARIES).join(' ');
    claude.replies.push(written);
    const url = `${claude.url}/nowhere`;

    await run([
      {
        id: 'call',
        type: 'tool_call',
        tool: 'httpRequest',
        with: { url, headers: { authorization: 'secret://PARTNER_TOKEN' } },
        onFailure: 'continue',
      },
      { ...report, with: { signups: 12, said: leaking, failure: '${{ steps.call.failure.message }}' } },
      { ...mail, body: leaking },
      { ...post, body: leaking },
      { id: 'thread', type: 'create_thread', kind: 'note', assignee: 'operator', title: 'Note', body: leaking },
      { id: 'bad', type: 'tool_call', tool: 'httpRequest', with: { url: `${url}?key=${leaking}` } },
    ]);
    await app.deliver({
      method: 'POST',
      query: new URLSearchParams(`playbookId=${CANARIES.CRON_SECRET}`),
      headers: { authorization: [`Bearer ${CANARIES.CRON_SECRET}`] },
      body: async () => new Uint8Array(),
    });
    app.log('ERROR', 'Something broke', { cause: new Error(leaking) });

    const everything = JSON.stringify([await everyDocument(), logged, mailjet.mails, slack.posted, claude.requests]);
    expect(mailjet.mails).toHaveLength(2);
    expect(slack.posted).toHaveLength(1);
    for (const canary of Object.values(CANARIES)) expect(everything).not.toContain(canary);
  });
});

function finished(execution: Execution): FinishedExecution {
  if (execution.status === 'succeeded' || execution.status === 'failed') return execution;
  throw new Error(`The execution is ${execution.status}.`);
}

/** What was written, wherever it was written. */
async function everyDocument(): Promise<unknown> {
  const collections = [
    'playbook_executions',
    'playbook_threads',
    'playbook_notifications',
    'playbook_metrics',
    'playbook_contacts',
  ];
  return Promise.all(collections.map((collection) => app.documents.query({ collection })));
}
