import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { executionStore } from '#records/executions/executions.ts';
import { aFailedExecution, aSucceededExecution } from '#testing/builders/an-execution.ts';
import { aCall, authorized, openRunner, type Call, type OpenRunnerOptions } from '#testing/runner/open-runner.ts';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
const failing = (thrown: unknown): OpenRunnerOptions => ({
  load: async () => {
    throw thrown;
  },
});

describe('the headers of an answer', () => {
  test.each<readonly [number, OpenRunnerOptions, Call, Record<string, string>]>([
    [200, {}, {}, {}],
    [200, { record: { enabled: false } }, {}, {}],
    [400, {}, { search: '' }, {}],
    [401, {}, { headers: {} }, {}],
    [404, {}, { search: 'playbookId=ops_other' }, {}],
    [405, {}, { method: 'GET' }, { allow: 'POST' }],
    [413, {}, { headers: authorized, body: ' '.repeat(70_000) }, {}],
    [500, { step: 'bad' }, {}, {}],
    [500, failing(new TypeError('x')), {}, {}],
    [503, failing(new DocumentsError('unavailable', 'No answer.')), {}, { 'retry-after': '30' }],
    [503, failing(new PlaybookError('record_from_newer_version', 'Newer.')), {}, { 'retry-after': '30' }],
  ])('%i say that it is JSON and must not be cached, and nothing else', async (status, options, call, more) => {
    const reply = await openRunner(options).answer(aCall(call));

    expect({ status: reply.status, headers: reply.headers }).toEqual({ status, headers: { ...JSON_HEADERS, ...more } });
  });
});

describe('an error that nobody foresaw', () => {
  const canary = 'canary-5f1e';

  test.each<readonly [string, unknown]>([
    ['a bug', new TypeError(`${canary} is not a function`)],
    ['an error with a cause', new Error('outer', { cause: new Error(canary) })],
    ['a thrown text', canary],
    ['a thrown object', { message: canary }],
    ['nothing', undefined],
  ])('is told as one, without its text: %s', async (_, thrown) => {
    const runner = openRunner(failing(thrown));

    const reply = await runner.answer(aCall());

    const error = 'Unexpected error; see the log.';
    expect([reply.status, reply.body]).toEqual([500, { success: false, status: 'failed', error }]);
    expect(runner.logged.join()).toContain('A delivery could not be answered');
  });

  test('is not confused with one that we have words for', async () => {
    const reply = await openRunner(failing(new PlaybookError('internal', 'The record is damaged.'))).answer(aCall());

    expect(reply.body).toEqual({ success: false, status: 'failed', error: 'The record is damaged.' });
  });
});

describe('an execution that another runner took over while this one ran it', () => {
  const ID = 'ops_test_20261120T140000Z';

  /** Answers a delivery during whose only step `meanwhile` happens to the record. */
  async function takenOver(meanwhile: (world: ReturnType<typeof openRunner>) => Promise<unknown>) {
    const runner = openRunner({ does: () => meanwhile(runner) });
    const reply = await runner.answer(aCall());
    return { status: reply.status, body: reply.body };
  }

  type Ending = 'succeeded' | 'failed';

  async function end(runner: ReturnType<typeof openRunner>, ending: Ending): Promise<void> {
    const store = executionStore(runner.documents);
    const stored = await store.read(ID);
    if (stored === undefined) throw new Error('Nothing was claimed.');
    const { startedAt } = stored.execution;
    const changed = { id: ID, playbookName: 'Test', runner: 'other' };
    const finished =
      ending === 'failed' ? aFailedExecution(startedAt, changed) : aSucceededExecution(startedAt, changed);
    const changes = {
      steps: new Map(),
      stepsExecuted: 0,
      next: { kind: 'ended', finished },
      expireAt: finished.expireAt,
    } as const;
    await store.write(ID, changes, stored.fence);
  }

  test('and is still running is answered 202, from its record', async () => {
    const lease = { owner: 'other', nonce: 'other:0', durationMs: 60_000, takeovers: 1, interruptions: 1 };
    const changes = [{ field: ['lease'], value: lease }];
    const path = `playbook_executions/${ID}`;

    expect(await takenOver(({ documents }) => documents.commit([{ kind: 'update', path, changes }]))).toEqual({
      status: 202,
      body: {
        success: true,
        status: 'running',
        executionId: ID,
        playbookId: 'ops_test',
        repeated: true,
        duration: null,
        stepsExecuted: 0,
      },
    });
  });

  test('and has ended well is answered 200, from its record', async () => {
    expect(await takenOver((runner) => end(runner, 'succeeded'))).toMatchObject({
      status: 200,
      body: { success: true, status: 'succeeded', executionId: ID, repeated: true },
    });
  });

  test('and has failed is answered 500, from its record', async () => {
    expect(await takenOver((runner) => end(runner, 'failed'))).toMatchObject({
      status: 500,
      body: {
        success: false,
        status: 'failed',
        executionId: ID,
        repeated: true,
        error: 'call: Mailjet did not answer.',
      },
    });
  });

  test('and whose record was deleted is answered 500', async () => {
    const path = `playbook_executions/${ID}`;

    expect(await takenOver(({ documents }) => documents.commit([{ kind: 'delete', path }]))).toMatchObject({
      status: 500,
      body: { success: false },
    });
  });
});
