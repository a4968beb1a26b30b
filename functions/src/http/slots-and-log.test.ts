import { describe, expect, test } from 'vitest';
import { loadExecution } from '#records/executions/executions.ts';
import { aCall, authorized, openRunner, type OpenRunnerOptions } from '#testing/runner/open-runner.ts';

const at = (slot: string) => aCall({ headers: { ...authorized, 'x-cloudscheduler-scheduletime': [slot] } });
const schedule = { cron: '0 9 * * 1-5', timeZone: 'America/New_York' };

async function delivered(slot: string, options: OpenRunnerOptions) {
  const runner = openRunner({ now: slot, ...options });
  const reply = await runner.answer(at(slot));
  const { logged, stacks } = runner;
  return { reply, logged, stacks, execution: await loadExecution(runner.documents, String(reply.body['executionId'])) };
}

describe('a slot', () => {
  test('at which the playbook is due is marked in no way', async () => {
    const { execution, logged } = await delivered('2026-11-20T14:00:00.000Z', { schedule });

    expect(execution).not.toHaveProperty('offSchedule');
    expect(logged.filter((line) => line.startsWith('WARNING'))).toEqual([]);
  });

  test('at which it is not due runs, so that nothing is left out in silence, and is marked in record and log', async () => {
    const { reply, execution, logged } = await delivered('2026-11-21T14:00:00.000Z', { schedule });

    expect(reply).toMatchObject({ status: 200, body: { status: 'succeeded' } });
    expect(execution).toMatchObject({ status: 'succeeded', offSchedule: true });
    expect(logged.find((line) => line.startsWith('WARNING'))).toContain('not in its schedule');
  });

  test('of the hour that comes twice runs the first time, and is skipped the second', async () => {
    const nightly = { cron: '30 1 * * *', timeZone: 'America/New_York' };
    const first = await delivered('2027-11-07T05:30:00.000Z', { schedule: nightly });
    const second = await delivered('2027-11-07T06:30:00.000Z', { schedule: nightly });

    expect(first.reply.body).toMatchObject({ status: 'succeeded' });
    expect(second.reply).toMatchObject({ status: 200, body: { status: 'skipped', reason: 'repeated_hour' } });
    expect(second.execution).toMatchObject({ status: 'skipped', reason: 'repeated_hour' });
  });
});

describe('the log', () => {
  const now = '2026-11-20T14:00:00.000Z';

  test('has one entry for a succeeded execution, however often it is delivered', async () => {
    const runner = openRunner({ schedule, now });
    await runner.answer(at(now));
    await runner.answer(at(now));

    expect(runner.logged).toEqual([expect.stringMatching(/^INFO The playbook ops_test succeeded .*"durationMs":0/)]);
  });

  test('has an error with the stack for a failed one, and one entry for a skipped one', async () => {
    const failed = await delivered(now, { schedule, step: 'bad' });
    const skipped = await delivered(now, { schedule, record: { enabled: false } });

    expect(failed.logged).toEqual([
      expect.stringMatching(/^ERROR The playbook ops_test failed: one: .*"failureCode":"internal"/),
    ]);
    expect(failed.stacks).toEqual([expect.stringContaining('Error: broken\n    at')]);
    expect(skipped.logged).toEqual([expect.stringMatching(/^INFO The playbook ops_test was skipped/)]);
  });
});

test('a secret in what a caller says of itself is recorded nowhere', async () => {
  const secret = 'canary-of-this-test';
  const runner = openRunner({ secrets: [secret], schedule });
  const body = JSON.stringify({ by: `ann ${secret}`, requestId: 'abcd-1234' });
  const headers = { ...authorized, 'x-cloudscheduler-scheduletime': ['2026-11-20T14:00:00Z'] };

  const manual = await runner.answer(aCall({ headers: authorized, body }));
  const due = await runner.answer(aCall({ headers: { ...headers, 'x-cloudscheduler-jobname': [`ops-${secret}`] } }));

  const records = await Promise.all(
    [manual, due].map(({ body: { executionId } }) => loadExecution(runner.documents, String(executionId))),
  );
  expect(records.map((record) => record?.trigger)).toEqual([
    { kind: 'manual', by: 'ann [redacted]' },
    { kind: 'schedule', jobName: 'ops-[redacted]' },
  ]);
  expect(JSON.stringify(records)).not.toContain(secret);
});
