import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import type { ExecutionStore } from '#engine/record/execution-store.ts';
import type { FinishedExecution, SkippedExecution } from '#engine/record/execution.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { aRunningExecution, aSkippedExecution, aSucceededExecution } from '#testing/builders/an-execution.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { statisticsPath } from '../figures/playbook-statistics.ts';
import { executionStore } from './executions.ts';
import { withSmallStatistics } from './small-statistics.ts';

const HOUR_MS = DAY_MS / 24;
const NOON = new Date('2026-11-20T12:10:00.000Z');
const at = (hours: number): Date => new Date(NOON.getTime() + hours * HOUR_MS);
let documents: CountedDocuments;
let store: ExecutionStore;

beforeEach(() => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  store = withSmallStatistics(executionStore(documents), documents);
});
afterEach(() => documents.close());

/** Of an hourly playbook. */
function anEnd(hours: number): FinishedExecution {
  return aSucceededExecution(at(hours), { window: { start: at(hours - 1), end: at(hours) } });
}

async function end(finished: FinishedExecution, by = store): Promise<void> {
  const { startedAt, steps, expireAt } = finished;
  const created = await by.create(aRunningExecution(startedAt));
  if (created.kind !== 'written') throw new Error('It exists already.');
  const next = { kind: 'ended' as const, finished };
  const changes = { steps: new Map(Object.entries(steps)), stepsExecuted: 0, next, expireAt };
  expect(await by.write(finished.id, changes, created.fence)).toMatchObject({ kind: 'written' });
}

async function daysOfEnds(): Promise<readonly string[]> {
  return Object.keys((await documents.get(statisticsPath('ops_test')))?.data['days'] ?? {});
}

test('the first execution of a day moves the figures of the days before it', async () => {
  await end(anEnd(0));
  await end(anEnd(11));
  expect(await daysOfEnds()).toEqual(['2026-11-20']);

  await end(anEnd(12));

  expect(await daysOfEnds()).toEqual(['2026-11-21']);
});

test('a skipped one moves them, too', async () => {
  await end(anEnd(0));
  const skipped: SkippedExecution = aSkippedExecution(at(24));

  await store.create(skipped);

  expect(await daysOfEnds()).toEqual(['2026-11-21']);
});

test('the other executions of a day read and write nothing more', async () => {
  await end(anEnd(12));
  documents.reset();

  await end(anEnd(13));
  await end(aSucceededExecution(at(14), { window: { start: at(-10), end: at(14) } }));

  expect(documents.counts()).toEqual({ roundTrips: 4, reads: 0, writes: 6 });
});

test('an execution whose window is within its day reads nothing more, also in a new process', async () => {
  await end(anEnd(0));
  documents.reset();

  await end(anEnd(13), withSmallStatistics(executionStore(documents), documents));

  expect(documents.counts()).toEqual({ roundTrips: 2, reads: 0, writes: 3 });
});

test('a move that fails costs no end, and a later one of the day makes it good', async () => {
  await end(anEnd(0));
  const refused = { get: documents.get, commit: () => Promise.reject(new DocumentsError('unavailable', 'No.')) };
  const wholeDay = (hours: number): FinishedExecution =>
    aSucceededExecution(at(hours), { window: { start: at(hours - 24), end: at(hours) } });
  let moves = 0;
  const flaky = withSmallStatistics(executionStore(documents), {
    get: documents.get,
    commit: (writes, limit) => ((moves += 1) === 1 ? refused.commit() : documents.commit(writes, limit)),
  });

  await end(wholeDay(24), flaky);
  expect((await daysOfEnds()).length).toBe(2);

  await end(wholeDay(25), flaky);
  expect(await daysOfEnds()).toEqual(['2026-11-21']);
});
