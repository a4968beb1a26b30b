import { expect } from 'vitest';
import { startCloudSchedulerServer } from '#testing/servers/cloud-scheduler-server.ts';
import { googleToken } from '#testing/servers/google-token.ts';
import { runScript, runSteps } from './built-product.ts';
import { signInAtConsole } from './console-sign-in.ts';
import { callOf, withToken, type Exchanges } from './exchange.ts';
import { strangers } from './hostile-surroundings.ts';
import { GOOGLE_KEY, KEYS, PROJECT_ID, SCHEDULER, STORED_TOKEN } from './servers.ts';

/** The exchanges with Google's and Firebase's services, without Firestore. */
export const GOOGLE_EXCHANGES: Exchanges = {
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

        const { exitCode } = await runScript(['scripts/commands/create-secrets.ts', '--project', 'demo-new'], env);

        expect(exitCode).toBe(0);
        expect(secretManager.secrets.get('projects/demo-new/secrets/CRON_SECRET')?.versions).toHaveLength(1);
      },
    },
  ],
  'google-client': [
    {
      title: 'uses REST, with a key instead of credentials where the service is local',
      async run({ servers: { api, secretManager }, database, guardedRunner }) {
        await runSteps(database, guardedRunner, [callOf(`${api.url}/secret`, withToken)]);

        const heard = secretManager.heard.find(({ url }) =>
          url.pathname.includes(`${PROJECT_ID}/secrets/PARTNER_TOKEN`),
        );
        expect(heard?.headers['x-goog-api-key']).toBe('local');
      },
    },
  ],
  'replaceable-client': [
    {
      title: 'gets answers again after a service was late once',
      async run({ servers: { api, secretManager }, database, guardedRunner }) {
        secretManager.faults.push({ code: 504, status: 'DEADLINE_EXCEEDED', message: 'Late.' });
        const call = callOf(api.url, { headers: { 'x-partner': 'secret://LATE_TOKEN' } });

        const { steps } = await runSteps(database, guardedRunner, [
          { ...call, retry: { maxAttempts: 2, initialDelay: '10ms' } },
        ]);

        const [first, second] = steps['call']?.attempts ?? [];
        expect([first, second]).toMatchObject([{ failure: { code: 'timeout' } }, { status: 'succeeded' }]);
      },
    },
  ],
  'google-failure': [
    {
      title: "reports Google's refusal",
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

        const argv = ['scripts/commands/setup-operational-schedulers.ts', '--project', PROJECT_ID, '--yes'];
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
      title: 'accepts only tokens that Google signed',
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
  'firebase-auth': [
    {
      title: 'lets only super users into the console',
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
};
