import { expect } from 'vitest';
import type { FinishedExecution } from '../engine/execution.ts';
import { startCloudSchedulerServer } from '../testing/cloud-scheduler-server.ts';
import { googleToken } from '../testing/google-token.ts';
import type { RunnerDatabase } from '../testing/runner-databases.ts';
import type { RunnerProcess } from '../testing/runner-process.ts';
import { runScript, runSteps, type ProcessEnv } from './built-product.ts';
import { strangers } from './hostile-surroundings.ts';
import { signInAtConsole } from './console-sign-in.ts';
import { GOOGLE_KEY, KEYS, PROJECT_ID, SCHEDULER, STORED_TOKEN } from './servers.ts';
import type { WireServers } from './servers.ts';

/** The built product, running, and whom it speaks with. */
export interface WireWorld {
  readonly servers: WireServers;
  /** What the environment of every process holds besides. */
  readonly surroundings: ProcessEnv;
  readonly database: RunnerDatabase;
  /** The function, with its secrets in the environment. */
  readonly runner: RunnerProcess;
  /** The function, with its secrets in Secret Manager. */
  readonly guardedRunner: RunnerProcess;
  readonly consoleUrl: string;
}

/** One thing that an adapter does, seen on the wire. */
export interface Exchange {
  /** Ends the sentence that begins with the adapter's name. */
  readonly title: string;
  readonly run: (world: WireWorld) => Promise<void>;
}

export const MAIL = { id: 'mail', type: 'notify', channels: ['email'], to: ['operator'], subject: 'Hi', body: 'There' };
export const POST = { id: 'post', type: 'notify', channels: ['slack'], subject: 'Hi', body: 'There' };
export const REPORT = { id: 'report', type: 'synthesize', instructions: 'How many?', with: { signups: 12 } };
export const WRITTEN = {
  kind: 'text',
  text: JSON.stringify({ title: 'Signups', markdown: 'There were {{signups}} signups.', actionItems: [] }),
} as const;

/** A step that calls `url`, with whatever a test says besides. */
export function callOf(url: string, also: object = {}): object {
  return { id: 'call', type: 'tool_call', tool: 'httpRequest', with: { url, ...also }, retry: { maxAttempts: 1 } };
}

const withToken = { headers: { 'x-partner': 'secret://PARTNER_TOKEN' } };

/**
 * What every adapter does over the wire without a Firestore: by the name of its folder or file in `adapters/`. A new adapter fails
 * `every-adapter.test.ts` until it is here, or among those that need the emulator.
 */
export const EXCHANGES: Readonly<Record<string, readonly Exchange[]>> = {
  mailjet: [
    {
      title: 'sends a mail, and looks it up where the answer was lost',
      async run({ servers: { mailjet }, ...world }) {
        mailjet.faults.push({ kind: 'cut_after_accept' });
        const before = [mailjet.calls.length, mailjet.mails.length] as const;
        const retry = { maxAttempts: 2, initialDelay: '10ms' };

        const record = await runSteps(world.database, world.runner, [{ ...MAIL, retry }]);

        expect(mailjet.calls.slice(before[0])).toEqual(['POST /v3.1/send', 'GET /v3/REST/message']);
        expect(mailjet.mails.length).toBe(before[1] + 1);
        const [, second] = record.steps['mail']?.attempts ?? [];
        expect(second).toMatchObject({ status: 'succeeded' });
        expect(record.results['mail']).toMatchObject({ deliveries: [{ messageId: mailjet.mails.at(-1)?.id }] });
      },
    },
  ],
  slack: [
    {
      title: 'posts a message',
      async run({ servers: { slack }, ...world }) {
        const before = slack.posted.length;

        expect(await runSteps(world.database, world.runner, [POST])).toMatchObject({ status: 'succeeded' });

        expect(slack.posted.slice(before)).toMatchObject([{ text: expect.stringContaining('Hi') }]);
      },
    },
  ],
  anthropic: [
    {
      title: 'has an agent use a tool, and a report written',
      async run({ servers: { claude }, ...world }) {
        const found = { report: 'There were {{signups}} signups.', findings: [], actionItems: [] };
        claude.replies.push({ kind: 'tool_use', name: 'getExecutionStats', input: {} });
        claude.replies.push({ kind: 'text', text: JSON.stringify(found) }, WRITTEN);
        const before = claude.requests.length;
        const ask = { id: 'ask', type: 'delegate', agent: 'linus', task: 'Look.', with: { signups: 12 } };

        const { results } = await runSteps(world.database, world.runner, [ask, REPORT]);

        expect(results).toMatchObject({
          ask: { report: 'There were 12 signups.', toolCalls: [{ tool: 'getExecutionStats', status: 'succeeded' }] },
          report: { markdown: 'There were 12 signups.' },
        });
        expect(claude.requests.length).toBe(before + 3);
        expect(claude.refusals).toEqual([]);
      },
    },
  ],
  http: [
    {
      title: 'calls a listed address in plain HTTP, and one whose authority is known through TLS',
      async run({ servers: { api, secureApi }, database, runner }) {
        const calls = [api, secureApi].map(({ url }, index) => ({ ...callOf(`${url}/orders`), id: `call_${index}` }));

        const { results } = await runSteps(database, runner, calls);

        const answer = { status: 200, body: { path: '/orders' } };
        expect(results).toMatchObject({ call_0: answer, call_1: answer });
        expect(secureApi.heard.at(-1)?.headers['host']).toBe(new URL(secureApi.url).host);
      },
    },
  ],
  environment: [
    {
      title: 'fills a secret of the environment in, and into no record',
      async run({ servers: { api }, database, runner }) {
        const record = await runSteps(database, runner, [callOf(`${api.url}/secret`, withToken)]);

        expect(api.heard.at(-1)?.headers['x-partner']).toBe(KEYS.PARTNER_TOKEN);
        expect(JSON.stringify(record)).not.toContain(KEYS.PARTNER_TOKEN);
      },
    },
  ],
  'secret-manager': [
    {
      title: 'reads a secret that is not in the environment',
      async run({ servers: { api, secretManager }, database, guardedRunner }) {
        const record = await runSteps(database, guardedRunner, [callOf(`${api.url}/secret`, withToken)]);

        expect(api.heard.at(-1)?.headers['x-partner']).toBe(STORED_TOKEN);
        expect(JSON.stringify(record)).not.toContain(STORED_TOKEN);
        expect(secretManager.calls).toContain(
          `GET /v1/projects/${PROJECT_ID}/secrets/PARTNER_TOKEN/versions/latest:access`,
        );
      },
    },
    {
      title: 'gets a version from the script',
      async run({ servers: { secretManager }, surroundings }) {
        const env = { ...surroundings, SECRET_MANAGER_EMULATOR_HOST: new URL(secretManager.url).host };

        const { exitCode } = await runScript(['scripts/create-secrets.ts', '--project', 'demo-new'], env);

        expect(exitCode).toBe(0);
        expect(secretManager.secrets.get('projects/demo-new/secrets/CRON_SECRET')?.versions).toHaveLength(1);
      },
    },
  ],
  'google-client': [
    {
      title: 'speaks REST, with a key in place of credentials where the service is local',
      async run({ servers: { api, secretManager }, database, guardedRunner }) {
        await runSteps(database, guardedRunner, [callOf(`${api.url}/secret`, withToken)]);

        const heard = secretManager.heard.find(({ url }) =>
          url.pathname.includes(`${PROJECT_ID}/secrets/PARTNER_TOKEN`),
        );
        expect(heard?.headers['x-goog-api-key']).toBe('local');
      },
    },
  ],
  'google-failure': [
    {
      title: 'says what Google refused',
      async run({ servers: { api, secretManager }, database, guardedRunner }) {
        secretManager.faults.push({ code: 403, status: 'PERMISSION_DENIED', message: 'Not for you.' });
        const headers = { 'x-partner': 'secret://FORBIDDEN_TOKEN' };

        expect(await runSteps(database, guardedRunner, [callOf(api.url, { headers })])).toMatchObject({
          failure: {
            code: 'unauthenticated',
            message: expect.stringMatching(/^Reading the secret FORBIDDEN_TOKEN failed: .*Not for you\./),
          },
        });
      },
    },
  ],
  'cloud-scheduler': [
    {
      title: 'creates the jobs of the playbooks',
      async run({ surroundings }) {
        const scheduler = await startCloudSchedulerServer();
        const env = {
          ...surroundings,
          CLOUD_SCHEDULER_EMULATOR_HOST: new URL(scheduler.url).host,
          CRON_SECRET: KEYS.CRON_SECRET,
          PLAYBOOK_RUNNER_URL: 'https://runner.example.com',
        };

        const argv = ['scripts/setup-operational-schedulers.ts', '--project', PROJECT_ID, '--yes'];
        const { exitCode, output } = await runScript(argv, env);

        await scheduler.close();
        expect(strangers(scheduler.heard)).toEqual([]);
        expect([exitCode, output]).toEqual([0, expect.stringContaining('created')]);
        expect([...scheduler.jobs.keys()]).toContain(
          `projects/${PROJECT_ID}/locations/us-central1/jobs/ops-integration-monitor`,
        );
        expect(output).not.toContain(KEYS.CRON_SECRET);
      },
    },
  ],
  'google-auth': [
    {
      title: 'lets a token in that Google signed, and none that somebody else signed',
      async run({ runner, servers: { certificates } }) {
        const call = async (token: string): Promise<number> => {
          const headers = { authorization: `Bearer ${token}` };
          return (await fetch(`${runner.url}/?playbookId=ops_nothing`, { method: 'POST', headers })).status;
        };

        expect(await call(googleToken(GOOGLE_KEY, SCHEDULER))).toBe(404);
        expect(await call(googleToken({ ...GOOGLE_KEY, key: '' }, SCHEDULER))).toBe(401);
        expect(certificates.heard[0]?.url.pathname).toBe('/certs');
      },
    },
  ],
  sqlite: [
    {
      title: 'keeps a record where another process finds it',
      async run({ servers: { api }, database, runner }) {
        const { id } = await runSteps(database, runner, [callOf(api.url)]);

        expect(await database.documents.get(`playbook_executions/${id}`)).toMatchObject({
          data: { status: 'succeeded' },
        });
      },
    },
  ],
  'firebase-auth': [
    {
      title: 'lets a super user into the console, and nobody else',
      async run({ servers: { accounts }, consoleUrl }) {
        const claims = JSON.stringify({ superUser: true, playbookRole: 'admin' });
        accounts.accounts.set('u1', {
          localId: 'u1',
          email: 'ada@x.example',
          password: 'right',
          customAttributes: claims,
        });
        accounts.accounts.set('u2', { localId: 'u2', email: 'eve@x.example', password: 'right' });

        expect(await signInAtConsole(consoleUrl, 'ada@x.example', 'right')).toMatchObject({ status: 303, page: 200 });
        expect(await signInAtConsole(consoleUrl, 'ada@x.example', 'wrong')).toMatchObject({ status: 401, page: 303 });
        expect(await signInAtConsole(consoleUrl, 'eve@x.example', 'right')).toMatchObject({ status: 401, page: 303 });
        expect(accounts.calls.join(' ')).toMatch(/signInWithPassword.*accounts:lookup.*createSessionCookie/);
      },
    },
  ],
  'structured-log': [
    {
      title: 'writes an entry that Cloud Logging reads',
      async run({ runner }) {
        const headers = { authorization: `Bearer ${KEYS.CRON_SECRET}` };
        await fetch(`${runner.url}/?playbookId=ops_unknown`, { method: 'POST', headers });

        const line =
          runner
            .output()
            .split('\n')
            .find((text) => text.includes('ops_unknown')) ?? '';
        expect(JSON.parse(line)).toMatchObject({ severity: 'WARNING', playbookId: 'ops_unknown' });
      },
    },
  ],
  'system-clock': [
    {
      title: 'dates a record',
      async run({ servers: { api }, database, runner }) {
        const { startedAt, completedAt } = await runSteps(database, runner, [callOf(api.url)]);

        expect(Math.abs(Date.now() - completedAt.getTime())).toBeLessThan(10_000);
        expect(completedAt.getTime()).toBeGreaterThanOrEqual(startedAt.getTime());
      },
    },
  ],
  'call-limit': [
    {
      title: 'ends a call that nobody answers',
      async run({ servers: { api }, database, runner }) {
        const call = callOf(`${api.url}/silent`, { timeoutMs: 150 });

        expect(failureOf(await runSteps(database, runner, [call]))).toEqual([
          'timeout',
          `${api.url} did not answer within 150 ms.`,
        ]);
      },
    },
  ],
  'network-error': [
    {
      title: 'says that nobody is there',
      async run({ database, runner }) {
        expect(failureOf(await runSteps(database, runner, [callOf('http://127.0.0.1:1/')]))).toEqual([
          'unavailable',
          'http://127.0.0.1:1 could not be reached: ECONNREFUSED.',
        ]);
      },
    },
  ],
};

function failureOf(record: FinishedExecution): readonly unknown[] {
  return record.status === 'failed' ? [record.failure.code, record.failure.message] : [record.status];
}
