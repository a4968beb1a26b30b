import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { RunningExecution } from '#engine/record/execution.ts';
import type { FruitlessAttempt } from '#engine/record/attempt.ts';
import { skipped } from '#engine/record/step-record.ts';
import type { StepRecord, UnderWayStep } from '#engine/record/step-schema.ts';
import type { Documents } from '#ports/documents/documents.ts';
import {
  aFailedExecution,
  aRunningExecution,
  aSkippedExecution,
  aSucceededExecution,
  storeExecution,
} from '#testing/builders/an-execution.ts';
import { type ChangeWorldOfTest, changeWorld, LEO, POPS } from '#testing/builders/change-world.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { checkEnd, endExecution } from './end-execution.ts';
import { describeEndExecution } from './end-execution.contract.ts';
import { loadExecution } from './executions.ts';

const STARTED = new Date('2026-11-20T13:59:00.000Z');
const LEASE_MS = 60_000;
const ID = 'ops_test_one';

let documents: Documents;
let world: ChangeWorldOfTest;

beforeEach(() => {
  const clock = fakeClock();
  documents = sqliteDocuments({ file: ':memory:', clock });
  world = { ...changeWorld(documents), clock };
});
afterEach(() => documents.close());

const end = (reason = 'It hangs.', actor = LEO) => endExecution(world, actor, { executionId: ID, reason });
const entries = async () => (await listAuditEntries(documents, {}, { limit: 10 })).items;

function running(path: string, order: number, attempts: UnderWayStep['attempts'] = []): UnderWayStep {
  const id = path.split('.').at(-1) ?? path;
  return { path, id, type: 'tool_call', order, status: 'running', startedAt: STARTED, attempts: [...attempts] };
}

async function keep(changes: Partial<Pick<RunningExecution, 'steps' | 'lease'>> = {}): Promise<void> {
  await storeExecution(documents, aRunningExecution(STARTED, { id: ID, ...changes }));
}

async function keepSilent(...steps: readonly StepRecord[]): Promise<void> {
  await keep({ steps: Object.fromEntries(steps.map((step) => [step.path, step])) });
  world.clock.advance(LEASE_MS + 1);
}

describe('ending an execution', () => {
  test('is refused while its runner is alive, naming the runner and the end of its lease', async () => {
    await keep();
    world.clock.advance(LEASE_MS);

    await expect(end()).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('the lease of runner-1 runs until 2026-11-20T14:01:00.000Z'),
    });
    expect(await loadExecution(documents, ID)).toMatchObject({ status: 'running' });
    expect(await entries()).toEqual([]);
  });

  test('succeeds immediately where the lease was given back', async () => {
    await keep({ lease: { owner: 'runner-1', nonce: 'n', durationMs: 0, takeovers: 0, interruptions: 0 } });
    expect(await end()).toMatchObject({ already: false, execution: { status: 'failed' } });
  });

  test.each([
    [aSucceededExecution(STARTED, { id: ID }), 'it succeeded at 2026-11-20T13:59:01.000Z'],
    [aFailedExecution(STARTED, { id: ID }), 'it failed at 2026-11-20T13:59:01.000Z (call: Mailjet did not answer.)'],
    [{ ...aSkippedExecution(STARTED), id: ID }, 'its slot was skipped at 2026-11-20T13:59:00.000Z (paused)'],
  ])('is refused for one that $status, saying how and when it ended', async (execution, said) => {
    await storeExecution(documents, execution);
    await expect(end()).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining(said) });
    expect(await entries()).toEqual([]);
  });

  test.each(['nothing', 'a/b', '', '__x__'])('says that the execution %j does not exist', async (executionId) => {
    await expect(endExecution(world, LEO, { executionId, reason: 'It hangs.' })).rejects.toMatchObject({
      code: 'input_invalid',
      message: `There is no execution ${executionId} in the database.`,
    });
  });

  test.each([' ', 'x'.repeat(501)])('needs a reason of at most 500 characters', async (reason) => {
    await keepSilent();
    await expect(end(reason)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(await loadExecution(documents, ID)).toMatchObject({ status: 'running' });
  });

  test('again with the same reason is already done; with another reason, or by someone else, it is refused', async () => {
    await keepSilent();
    await end();
    const before = await loadExecution(documents, ID);

    expect(await end(' It hangs. ')).toMatchObject({ already: true });
    await expect(end('Another reason.')).rejects.toMatchObject({
      message: expect.stringContaining('ended it: It hangs.'),
    });
    await expect(end('It hangs.', POPS)).rejects.toMatchObject({ message: expect.stringContaining(LEO.email) });
    expect(await loadExecution(documents, ID)).toEqual(before);
    expect(await entries()).toHaveLength(1);
  });

  test('names the innermost step in progress, and ends the enclosing ones, too', async () => {
    const look = skipped(running('look', 0), 'Not now.', STARTED);
    await keepSilent(running('decide', 1), running('decide.tell', 2), look);

    const { execution } = await end();

    expect(execution).toMatchObject({
      failedStep: 'decide.tell',
      duration: LEASE_MS + 60_001,
      stepsExecuted: 2,
      steps: { decide: { status: 'failed' }, 'decide.tell': { status: 'failed' }, look: { status: 'skipped' } },
    });
  });

  test('names no step where none was in progress', async () => {
    await keepSilent();
    expect((await end()).execution).toMatchObject({ failedStep: null, error: `${LEO.email} ended it: It hangs.` });
  });

  test('succeeds for a full record, of whose steps only names, times and outcomes stay', async () => {
    const attempts = Array.from({ length: 400 }, (_, index): FruitlessAttempt => {
      const times = { startedAt: STARTED, completedAt: STARTED, durationMs: 0 };
      const failure = { code: 'unavailable', class: 'transient', message: 'No answer. '.repeat(220) } as const;
      return { number: index + 1, status: 'failed', ...times, failure };
    });
    const large = running('call', 0, attempts);
    await keepSilent(large, running('tell', 1, [{ number: 1, status: 'running', startedAt: STARTED }]));
    await fill(documents);

    expect(await end('y'.repeat(500))).toMatchObject({ already: false });

    const ended = await loadExecution(documents, ID);
    expect(ended).toMatchObject({ status: 'failed', steps: { call: { status: 'failed' }, tell: { attempts: [] } } });
    expect(ended?.steps['call']?.attempts).toEqual([]);
  });
});

describe('whether an execution can be ended', () => {
  test('is checked without changing anything', async () => {
    await keepSilent();
    const before = await documents.get(`playbook_executions/${ID}`);
    const silentSince = new Date('2026-11-20T14:00:00.000Z');
    expect(await checkEnd(world, LEO, { executionId: ID, reason: 'It hangs.' })).toMatchObject({
      kind: 'silent',
      execution: { id: ID },
      silence: { silentSince },
    });
    expect((await documents.get(`playbook_executions/${ID}`))?.updateTime).toBe(before?.updateTime);
  });
});

/** Fills the record: adds a field of the maximum length. */
async function fill(into: Documents): Promise<void> {
  let chars = 1_048_576;
  for (let step = chars; step >= 1; step = Math.floor(step / 2)) {
    const value = 'x'.repeat(chars - step);
    const changes = [{ field: ['playbookName'], value }];
    const isTaken = await into.commit([{ kind: 'update', path: `playbook_executions/${ID}`, changes }]).then(
      () => true,
      () => false,
    );
    if (!isTaken) chars -= step;
  }
  world.clock.advance(LEASE_MS + 1);
}

describeEndExecution(sqliteFile);
