import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import {
  aFailedExecution,
  aRunningExecution,
  aSkippedExecution,
  aSucceededExecution,
  storeExecution,
} from '#testing/builders/an-execution.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { lastGoodExecution, overdueExecutions, recentExecutions, runningExecutions } from './execution-queries.ts';

const minute = (index: number): Date => new Date(Date.parse('2026-11-20T12:00:00.000Z') + index * 60_000);
let documents: CountedDocuments;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  await storeExecution(documents, aSucceededExecution(minute(0)));
  await storeExecution(documents, aSucceededExecution(minute(1), { results: { one: 1 } }));
  await storeExecution(documents, aSucceededExecution(minute(2), { id: 'other', playbookId: 'ops_other' }));
  await storeExecution(documents, aSkippedExecution(minute(3)));
  await storeExecution(documents, aRunningExecution(minute(4), { id: 'running' }));
  await storeExecution(documents, aFailedExecution(minute(5)));
  documents.reset();
});
afterEach(() => documents.close());

describe('the last good execution', () => {
  test('is the latest that succeeded before, in full, in one read', async () => {
    const good = await lastGoodExecution(documents, 'ops_test', minute(5));

    expect(good).toMatchObject({ startedAt: minute(1), results: { one: 1 }, steps: {} });
    expect(documents.counts()).toMatchObject({ roundTrips: 1, reads: 1 });
  });

  test('is undefined where nothing succeeded before', async () => {
    expect(await lastGoodExecution(documents, 'ops_test', minute(0))).toBeUndefined();
  });
});

test('running executions are listed without ended ones', async () => {
  const { executions } = await runningExecutions(documents, 10);

  expect(executions).toMatchObject([{ id: 'running', status: 'running', deadlineAt: expect.any(Date) }]);
});

test('the latest executions are listed in full, by playbook and status', async () => {
  const filter = { playbookId: 'ops_test', status: 'succeeded' as const, limit: 1 };

  expect((await recentExecutions(documents, filter)).executions).toMatchObject([{ results: { one: 1 }, steps: {} }]);
});

describe('of running executions', () => {
  const clock = fakeClock(minute(4).toISOString());
  const lateAt = (index: number) => ({ deadlineAt: minute(index) });

  test('lists say whether the runner is silent and the deadline has passed, by the clock of the database', async () => {
    const own = sqliteDocuments({ file: ':memory:', clock });
    await storeExecution(own, aRunningExecution(minute(4), { id: 'one', ...lateAt(6) }));
    const seen = async () => (await runningExecutions(own, 1)).executions[0];

    expect(await seen()).toMatchObject({ silentSince: null, pastDeadline: false, leaseUntil: minute(5) });
    clock.advance(60_001);
    expect(await seen()).toMatchObject({ silentSince: minute(4), pastDeadline: false });
    clock.advance(60_000);
    expect(await seen()).toMatchObject({ silentSince: minute(4), pastDeadline: true });
    const { executions } = await recentExecutions(own, { limit: 1 });
    expect(executions).toMatchObject([{ silentSince: minute(4), pastDeadline: true, steps: {} }]);
    await own.close();
  });

  test('those past their deadline are found however many began later, in full, the latest deadline last', async () => {
    await storeExecution(documents, aRunningExecution(minute(6), { id: 'in-time', ...lateAt(20) }));
    await storeExecution(documents, aRunningExecution(minute(1), { id: 'later', ...lateAt(9) }));
    await storeExecution(documents, aRunningExecution(minute(2), { id: 'first', ...lateAt(8) }));
    documents.reset();

    const { executions } = await overdueExecutions(documents, minute(10), 5);

    expect(executions.map(({ id }) => id)).toEqual(['first', 'later']);
    expect(executions[0]).toMatchObject({ steps: {}, pastDeadline: true });
    expect(documents.counts().reads).toBe(2);
  });
});
