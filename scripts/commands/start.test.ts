import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { switchIntegration } from '../../demo/servers/integration-states.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Execution } from '#engine/record/execution.ts';
import type { DocumentData, Documents } from '#ports/documents/documents.ts';
import { recentExecutions } from '#records/executions/execution-queries.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { recordingTerminal } from '../terminal/recording-terminal.ts';
import { endStartProcesses, startProcess } from '../processes/start-process.ts';
import { main } from './start.ts';

const TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 20;
const data = mkdtempSync(join(tmpdir(), 'playbooks-start-'));

afterEach(endStartProcesses);
afterAll(() => rmSync(data, { recursive: true, force: true }));

async function reading<Result>(read: (documents: Documents) => Promise<Result>): Promise<Result> {
  const documents = sqliteDocuments({ file: join(data, 'playbooks.db') });
  try {
    return await read(documents);
  } finally {
    await documents.close();
  }
}

function executions(): Promise<readonly Execution[]> {
  return reading(async (documents) => (await recentExecutions(documents, { limit: 100 })).executions);
}

function all(collection: string): Promise<readonly DocumentData[]> {
  return reading(async (documents) => (await documents.query({ collection })).map((stored) => stored.data));
}

/** One manual call of the runner. */
async function call(
  runnerUrl: string,
  playbookId: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const secret = readFileSync(join(data, 'cron-secret'), 'utf8').trim();
  const headers = { authorization: `Bearer ${secret}` };
  const response = await fetch(`${runnerUrl}?playbookId=${playbookId}`, { method: 'POST', headers });
  return { status: response.status, body: await response.json() };
}

async function isGone(url: string, withinLooks = 250): Promise<boolean> {
  for (let looks = 0; looks < withinLooks; looks += 1) {
    const answers = await fetch(url, { method: 'POST' }).then(
      () => true,
      () => false,
    );
    if (!answers) return true;
    await delay(LOOK_AGAIN_MS);
  }
  return false;
}

describe('npm start', () => {
  test(
    'once: four succeeded executions, a caught report, a campaign that waits for approval',
    { timeout: TIMEOUT_MS },
    async () => {
      const started = startProcess(data, { argv: ['--once'] });
      const code = await started.ended();
      expect(started.output()).toContain('no executions yet');
      expect(started.output()).toContain(`after npm start has ended: npm run demo -- history 30d --data ${data}`);
      expect([code, started.output().match(/✓ .* succeeded/g)?.length]).toEqual([0, 4]);
      expect((await executions()).map(({ playbookId, status }) => `${playbookId} ${status}`).toSorted()).toEqual([
        'ops_churn_prevention succeeded',
        'ops_daily_health_check succeeded',
        'ops_integration_monitor succeeded',
        'ops_weekly_growth_review succeeded',
      ]);
      const records = await executions();
      expect(records.map(({ slot, trigger }) => [slot, trigger])).toEqual(
        Array.from({ length: 4 }, () => [null, { kind: 'manual', by: 'npm start' }]),
      );
      const mails = (await all('playbook_notifications')).filter(({ channel }) => channel === 'email');
      expect(mails).toMatchObject([{ playbookId: 'ops_daily_health_check', status: 'caught' }]);
      const threads = await all('playbook_threads');
      expect(threads.map(({ kind, state }) => JSON.stringify([kind, state])).toSorted()).toEqual([
        '["campaign","awaiting_approval"]',
        '["review","open"]',
      ]);
      expect(statSync(join(data, 'cron-secret')).mode % 0o1000).toBe(0o600);
    },
  );

  test(
    'again: the earlier data is found, and an integration that is off becomes an alarm, an investigation and an incident',
    { timeout: TIMEOUT_MS },
    async () => {
      const started = startProcess(data);
      await started.ready();
      expect(started.output()).toContain('4 executions of earlier starts');
      expect(started.output()).toContain('found, unchanged');

      switchIntegration(data, 'gmail', 'off');
      const { status, body } = await call(started.urlOf('Runner'), 'ops_integration_monitor');
      expect([status, body]).toMatchObject([200, { success: true, status: 'succeeded' }]);
      const id = /"executionId":"([^"]+)"/.exec(JSON.stringify(body))?.[1] ?? '';
      const execution = await reading((documents) => loadExecution(documents, id));
      expect(execution?.steps['any_offline.investigate']).toMatchObject({
        status: 'succeeded',
        attempts: [{ input: { agent: 'linus', with: { offline: [{ id: 'gmail' }] } } }],
      });
      expect(execution).toMatchObject({ criteria: [{ id: 'all_online', value: 1, band: 'alert' }, {}, {}] });
      const told = (await all('playbook_notifications')).filter(({ executionId }) => executionId === id);
      expect(told.filter(({ stepPath }) => stepPath === 'any_offline.alarm')).toMatchObject([
        { channel: 'email', priority: 'high', subject: 'Offline: Gmail' },
        { channel: 'slack', priority: 'high', subject: 'Offline: Gmail' },
      ]);
      const incident = (await all('playbook_threads')).filter(({ evidence }) => JSON.stringify(evidence).includes(id));
      expect(incident).toMatchObject([
        { kind: 'incident', assignee: 'operator', title: 'Offline: Gmail', state: 'open' },
      ]);

      switchIntegration(data, 'gmail', 'on');
      expect(await started.end('SIGTERM')).toBe(0);
      expect(await isGone(started.urlOf('Runner'))).toBe(true);
    },
  );

  test('ends by itself when npm was killed', { timeout: TIMEOUT_MS }, async () => {
    const started = startProcess(data, { belowShell: true });
    await started.ready();
    await started.end('SIGTERM');
    expect(started.output()).toContain('Stopping…');
    expect(await isGone(started.urlOf('Runner'))).toBe(true);
  });

  test('takes the functions with it when it is killed', { timeout: TIMEOUT_MS }, async () => {
    const started = startProcess(data);
    await started.ready();
    expect(await isGone(started.urlOf('Runner'), 1)).toBe(false);
    await started.end('SIGKILL');
    expect(await isGone(started.urlOf('Runner'))).toBe(true);
  });

  test.each([
    [['--port', '0'], '--port must be a whole number from 1 to 65535'],
    [['--database', 'mysql'], '--database must be sqlite or firestore'],
    [['--onse'], 'Did you mean --once?'],
  ])('suggests what is right when it is called with %j', async (argv, message) => {
    const terminal = recordingTerminal();
    expect(await main(argv, terminal, new AbortController().signal)).toBe(2);
    expect(terminal.text()).toContain(message);
  });
});
