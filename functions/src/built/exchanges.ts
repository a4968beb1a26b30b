import { expect } from 'vitest';
import { runSteps } from './built-product.ts';
import { callOf, withToken, type Exchanges } from './exchange.ts';
import { GOOGLE_EXCHANGES } from './google-exchanges.ts';
import { MESSAGE_EXCHANGES } from './message-exchanges.ts';
import { KEYS } from './servers.ts';

/**
 * What every adapter does over the wire without a Firestore: by the name of its folder or file in `adapters/`. A new adapter fails
 * `every-adapter.test.ts` until it is here, or among those that need the emulator.
 */
export const EXCHANGES: Exchanges = {
  ...MESSAGE_EXCHANGES,
  ...GOOGLE_EXCHANGES,
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
};
