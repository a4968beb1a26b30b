import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Clock } from '#core/clock.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { executionStore } from '#records/executions/executions.ts';
import { aRunningExecution, aSucceededExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import type { RunnerAnswer, RunnerCall } from './call-runner.ts';
import { followExecution, type Followed } from './follow-execution.ts';

const STARTED = new Date('2026-11-20T14:00:00.000Z');
const RUNNING = aRunningExecution(STARTED, {
  slot: STARTED,
  trigger: { kind: 'schedule', jobName: 'ops-test' },
});
const HELD: RunnerAnswer = { httpStatus: 202, status: 'running' };
const NEVER = new AbortController().signal;

let clock: FakeClock;
let documents: Documents;
let calls: { readonly call: RunnerCall; readonly afterMs: number }[];

beforeEach(() => {
  clock = fakeClock(STARTED.toISOString());
  documents = sqliteDocuments({ file: ':memory:', clock });
  calls = [];
});
afterEach(() => documents.close());

interface World {
  answer?(): Promise<RunnerAnswer>;
  /** Called each time a sleep has ended. */
  meanwhile?(): Promise<void>;
}

function follow({ answer = async () => HELD, meanwhile }: World = {}, signal = NEVER): Promise<Followed> {
  const passing: Clock = {
    ...clock,
    async sleep(delayMs) {
      await clock.sleep(delayMs);
      await meanwhile?.();
    },
  };
  const call = (_: string, asked: RunnerCall): Promise<RunnerAnswer> => {
    calls.push({ call: asked, afterMs: clock.now().getTime() - STARTED.getTime() });
    return answer();
  };
  return followExecution(RUNNING.id, { documents, clock: passing, call }, signal);
}

/** Ends it like the runner does. */
async function end(): Promise<RunnerAnswer> {
  const stored = await executionStore(documents).read(RUNNING.id);
  const changes = {
    steps: new Map(),
    stepsExecuted: 0,
    next: { kind: 'ended' as const, finished: aSucceededExecution(STARTED) },
    expireAt: RUNNING.expireAt,
  };
  await executionStore(documents).write(RUNNING.id, changes, stored?.fence ?? '');
  return { httpStatus: 200, status: 'succeeded' };
}

async function renewLease(): Promise<void> {
  const stored = await executionStore(documents).read(RUNNING.id);
  const changes = {
    steps: new Map(),
    stepsExecuted: 0,
    next: { kind: 'running' as const, lease: RUNNING.lease, wakeAt: RUNNING.deadlineAt },
    expireAt: RUNNING.expireAt,
  };
  await executionStore(documents).write(RUNNING.id, changes, stored?.fence ?? '');
}

describe('an execution that is followed', () => {
  test('is left to its runner while the lease runs, then requested again', async () => {
    await storeExecution(documents, RUNNING);
    expect(await follow({ answer: end })).toMatchObject({
      kind: 'ended',
      resumed: true,
      execution: { status: 'succeeded' },
    });
    expect(calls).toEqual([
      { call: { kind: 'schedule', slot: RUNNING.slot, jobName: 'ops-test' }, afterMs: expect.any(Number) },
    ]);
    expect(calls[0]?.afterMs).toBeGreaterThan(60_000);
    expect(calls[0]?.afterMs).toBeLessThan(62_000);
  });

  test('whose runner lives is only waited for', async () => {
    await storeExecution(documents, RUNNING);
    let looks = 0;
    const meanwhile = async (): Promise<void> => void (await ((looks += 1) < 500 ? renewLease() : end()));
    expect(await follow({ meanwhile })).toMatchObject({ kind: 'ended', resumed: false });
    expect(calls).toEqual([]);
  });

  test('that has ended is reported at once', async () => {
    await storeExecution(documents, aSucceededExecution(STARTED));
    expect(await follow()).toMatchObject({ kind: 'ended', resumed: false });
    expect(clock.now()).toEqual(STARTED);
  });

  test('that was started manually is requested with everything its start had', async () => {
    const id = 'ops_test_manual_abcd-1234';
    const said = { inputs: { days: 30, note: null }, onlyTo: 'ann@example.com' };
    const manual = aRunningExecution(STARTED, { id, slot: null, trigger: { kind: 'manual', by: 'Ann' }, ...said });
    await storeExecution(documents, manual);
    const asked: RunnerCall[] = [];
    const call = async (_: string, one: RunnerCall): Promise<RunnerAnswer> => {
      asked.push(one);
      return HELD;
    };
    await followExecution(id, { documents, clock, call }, NEVER);
    expect(asked[0]).toEqual({ kind: 'manual', start: { requestId: 'abcd-1234', by: 'Ann', ...said } });
  });

  test.each<[string, World['answer'], string]>([
    ['does not take it over', async () => HELD, 'the runner does not take it over'],
    ['refuses', async () => ({ httpStatus: 400, status: 'refused', error: 'No such input.' }), 'No such input.'],
    ['cannot be reached', () => Promise.reject(new Error('ECONNREFUSED')), 'ECONNREFUSED'],
  ])('whose runner %s is given up after three calls, with the reason', async (_, answer, problem) => {
    await storeExecution(documents, RUNNING);
    expect(await follow(answer === undefined ? {} : { answer })).toEqual({ kind: 'stuck', problem });
    expect(calls).toHaveLength(3);
  });

  test('without a record is reported as gone', async () => {
    expect(await follow()).toMatchObject({ kind: 'stuck', problem: 'its record no longer exists' });
  });

  test('is no longer followed after a stop', async () => {
    await storeExecution(documents, RUNNING);
    const stop = new AbortController();
    const meanwhile = async (): Promise<void> => stop.abort();
    expect(await follow({ meanwhile }, stop.signal)).toEqual({ kind: 'stopped' });
    expect(calls).toEqual([]);
  });
});
