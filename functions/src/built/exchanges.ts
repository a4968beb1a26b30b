import { expect } from 'vitest';
import type { RunnerProcess } from '#testing/runner/runner-process.ts';
import { runSteps } from './built-product.ts';
import { callOf, withToken, type Exchanges } from './exchange.ts';
import { GOOGLE_EXCHANGES } from './google-exchanges.ts';
import { MESSAGE_EXCHANGES } from './message-exchanges.ts';
import { KEYS, PROJECT_ID } from './servers.ts';

/**
 * The exchanges of every adapter over the wire without Firestore, by the name of its folder or file in `adapters/`. A new
 * adapter fails `every-adapter.test.ts` until it is listed here, or among those that need the emulator.
 */
export const EXCHANGES: Exchanges = {
  ...MESSAGE_EXCHANGES,
  ...GOOGLE_EXCHANGES,
  environment: [
    {
      title: 'fills in a secret from the environment, but never into a record',
      async run({ servers: { api }, database, runner }) {
        const record = await runSteps(database, runner, [callOf(`${api.url}/secret`, withToken)]);

        expect(api.heard.at(-1)?.headers['x-partner']).toBe(KEYS.PARTNER_TOKEN);
        expect(JSON.stringify(record)).not.toContain(KEYS.PARTNER_TOKEN);
      },
    },
  ],
  sqlite: [
    {
      title: 'stores a record where another process finds it',
      async run({ servers: { api }, database, runner }) {
        const { id } = await runSteps(database, runner, [callOf(api.url)]);

        expect(await database.documents.get(`playbook_executions/${id}`)).toMatchObject({
          data: { status: 'succeeded' },
        });
      },
    },
  ],
  'structured-log': [
    {
      title: 'writes an entry that Cloud Logging reads',
      async run({ runner }) {
        const headers = { authorization: `Bearer ${KEYS.CRON_SECRET}` };
        await fetch(`${runner.url}/?playbookId=ops_unknown`, { method: 'POST', headers });

        await expect
          .poll(() => entryWith(runner, 'ops_unknown'))
          .toMatchObject({ severity: 'WARNING', playbookId: 'ops_unknown' });
      },
    },
  ],
  'request-trace': [
    {
      title: 'links an entry to the trace of its request',
      async run({ guardedRunner }) {
        const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
        const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
        const headers = { authorization: `Bearer ${KEYS.CRON_SECRET}`, traceparent };
        await fetch(`${guardedRunner.url}/?playbookId=ops_traced`, { method: 'POST', headers });

        await expect
          .poll(() => entryWith(guardedRunner, 'ops_traced'))
          .toMatchObject({
            'logging.googleapis.com/trace': `projects/${PROJECT_ID}/traces/${traceId}`,
          });
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
};

/** The parsed log entry that contains a text; null until it has arrived. */
function entryWith(runner: RunnerProcess, text: string): unknown {
  const line = runner
    .output()
    .split('\n')
    .find((printed) => printed.includes(text));
  return JSON.parse(line ?? 'null');
}
