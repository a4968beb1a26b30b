import { describe, expect, test } from 'vitest';
import { DocumentsError } from '#ports/documents/documents.ts';
import { loadExecution } from '#records/executions/executions.ts';
import {
  aCall,
  authorized,
  openRunner,
  PREVIOUS,
  SECRET,
  type Call,
  type OpenRunnerOptions,
} from '#testing/runner/open-runner.ts';

describe('a caller', () => {
  test.each([
    ['no header', {}],
    ['an empty header', { authorization: [''] }],
    ['no secret', { authorization: ['Bearer '] }],
    ['another scheme', { authorization: [`Basic ${SECRET}`] }],
    ['the scheme in capitals', { authorization: [`BEARER ${SECRET}`] }],
    ['the secret alone', { authorization: [SECRET] }],
    ['the beginning of the secret', { authorization: [`Bearer ${SECRET.slice(0, -1)}`] }],
    ['more than the secret', { authorization: [`Bearer ${SECRET}x`] }],
    ['the secret in capitals', { authorization: [`Bearer ${SECRET.toUpperCase()}`] }],
    ['the secret twice', { authorization: [`Bearer ${SECRET}`, `Bearer ${SECRET}`] }],
    ['text that is no ASCII', { authorization: ['Bearer s€cret'] }],
    ['a header of a megabyte', { authorization: [`Bearer ${'x'.repeat(1_000_000)}`] }],
    ['the word undefined', { authorization: ['Bearer undefined'] }],
    ['another token', { authorization: ['Bearer an.other.token'] }],
    ['another cron secret', { 'x-cron-secret': ['other'] }],
  ])('with %s is refused with the same words, and nothing is read', async (_, headers) => {
    const runner = openRunner();
    runner.documents.reset();

    const reply = await runner.answer(aCall({ headers }));

    expect(reply.status).toBe(401);
    expect(reply.body).toEqual({ success: false, status: 'refused', error: 'Unauthorized' });
    expect([runner.lookups(), runner.documents.counts().roundTrips]).toEqual([0, 0]);
  });

  test.each([
    ['the current secret', { authorization: [`Bearer ${SECRET}`] }],
    ['the previous secret', { authorization: [`Bearer ${PREVIOUS}`] }],
    [
      'the secret in X-Cron-Secret beside a token of Cloud Scheduler',
      { authorization: ['Bearer x.y.z'], 'x-cron-secret': [SECRET] },
    ],
    ['a token of the expected account', { authorization: ['Bearer a.valid.token'] }],
  ])('with %s is answered', async (_, headers) => {
    expect((await openRunner().answer(aCall({ headers }))).status).toBe(200);
  });
});

describe('a call that is wrong', () => {
  test.each(['GET', 'PUT', 'HEAD', 'DELETE', 'OPTIONS'])('by %s is told to use POST', async (method) => {
    const reply = await openRunner().answer(aCall({ method }));

    expect([reply.status, reply.headers['allow']]).toEqual([405, 'POST']);
  });

  const scheduled = (...times: string[]) => ({ headers: { ...authorized, 'x-cloudscheduler-scheduletime': times } });
  test.each<[string, number, Call]>([
    ['without a playbookId', 400, { search: '' }],
    ['with an empty playbookId', 400, { search: 'playbookId=' }],
    ['with two', 400, { search: 'playbookId=ops_test&playbookId=ops_test' }],
    ['with a path', 400, { search: 'playbookId=../x' }],
    ['with a reserved name', 400, { search: 'playbookId=__x__' }],
    ['with 2 KB', 400, { search: `playbookId=${'a'.repeat(2048)}` }],
    ['with other scripts', 400, { search: 'playbookId=ops_tést' }],
    ['with another parameter', 400, { search: 'playbookId=ops_test&force=1' }],
    ['for a playbook that does not exist', 404, { search: 'playbookId=ops_other' }],
    ['with a body that is too large', 413, { body: ' '.repeat(65_537) }],
    ['with a body that is not JSON', 400, { body: 'hello' }],
    ['with a body that says something', 400, { body: '{"playbookId":"ops_test"}' }],
    ['with deep JSON', 400, { body: '['.repeat(10_000) }],
    ['with duplicate keys', 400, { body: '{"a":1,"a":2}' }],
    ['with a schedule time that is none', 400, scheduled('yesterday')],
    ['with a schedule time without zone', 400, scheduled('2026-11-20T14:00:00')],
    ['with a month that does not exist', 400, scheduled('2026-13-40T14:00:00Z')],
    ['with a day that its month does not have', 400, scheduled('2026-02-31T14:00:00Z')],
    ['with a schedule time in the future', 400, scheduled('2026-11-20T14:06:00Z')],
    ['with a schedule time before the year 2000', 400, scheduled('0000-01-01T00:00:00Z')],
    ['with the last minute of 1999', 400, scheduled('1999-12-31T23:59:59.999Z')],
    ['with an hour 24', 400, scheduled('2026-11-19T24:00:00Z')],
    ['with an offset of 99 hours', 400, scheduled('2026-11-19T12:00:00+99:00')],
    ['with an empty schedule time', 400, scheduled('')],
    ['with two schedule times', 400, scheduled('2026-11-20T14:00:00Z', '2026-11-20T13:00:00Z')],
  ])('%s is answered %i, and nothing is written', async (_, status, call) => {
    const runner = openRunner();
    runner.documents.reset();

    const reply = await runner.answer(aCall(call));

    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ success: false, status: 'refused' });
    expect(runner.documents.counts().writes).toBe(0);
  });
});

describe('a call of a job that does not say its slot', () => {
  test.each<[string, Record<string, string[]>]>([
    ['X-CloudScheduler', { 'x-cloudscheduler': ['true'] }],
    ['X-CloudScheduler-JobName', { 'x-cloudscheduler-jobname': ['daily'] }],
    ['a header of theirs that is not known yet', { 'x-cloudscheduler-attempt': ['2'] }],
  ])('and is known by %s is told so, and runs nothing', async (_, headers) => {
    const runner = openRunner();
    runner.documents.reset();

    const reply = await runner.answer(aCall({ headers: { ...authorized, ...headers } }));

    expect(reply.status).toBe(400);
    expect(reply.body).toEqual({
      success: false,
      status: 'refused',
      code: 'schedule_time_missing',
      error: expect.stringMatching(/no X-CloudScheduler-ScheduleTime.*Send the instant.*manually/),
    });
    expect(runner.documents.counts().writes).toBe(0);
  });

  test('is told apart from a manual one, whose headers only sound alike', async () => {
    const headers = { ...authorized, 'x-cloudschedulers': ['true'], 'x-cloud-trace-context': ['1'] };

    expect((await openRunner().answer(aCall({ headers }))).status).toBe(200);
  });
});

test('a call for a playbook that does not exist is logged, because a job and the playbooks have drifted apart', async () => {
  const runner = openRunner();

  const reply = await runner.answer(aCall({ search: 'playbookId=ops_other' }));

  expect(reply.body['error']).toBe(
    'Unknown playbook ops_other. Seed it with npm run seed, or delete its Cloud Scheduler job.',
  );
  expect(runner.logged).toEqual(['WARNING A call named a playbook that does not exist {"playbookId":"ops_other"}']);
});

describe('a delivery', () => {
  test('is answered with what happened', async () => {
    const reply = await openRunner().answer(aCall());

    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      success: true,
      status: 'succeeded',
      executionId: 'ops_test_20261120T140000Z',
      playbookId: 'ops_test',
      duration: 0,
      stepsExecuted: 1,
    });
  });

  test('that comes seconds late belongs to the same slot', async () => {
    const runner = openRunner();
    const late = { ...authorized, 'x-cloudscheduler-scheduletime': ['2026-11-20T14:00:41.5Z'] };

    const replies = [await runner.answer(aCall()), await runner.answer(aCall({ headers: late }))];

    expect(new Set(replies.map(({ body }) => body['executionId'])).size).toBe(1);
  });

  test('of a playbook that fails is answered 500, now and when it is repeated, and runs once', async () => {
    const runner = openRunner({ step: 'bad' });

    const replies = [await runner.answer(aCall()), await runner.answer(aCall())];

    expect(replies[0]).toMatchObject({
      status: 500,
      body: { success: false, status: 'failed', error: 'one: Unexpected error: broken' },
    });
    expect(replies[1]).toEqual({ ...replies[0], body: { ...replies[0]?.body, repeated: true } });
  });

  test('without a schedule time is a separate, manual execution', async () => {
    const runner = openRunner();

    const replies = [
      await runner.answer(aCall({ headers: authorized })),
      await runner.answer(aCall({ headers: authorized })),
    ];

    expect(replies.map(({ body }) => body['executionId'])).toEqual(['ops_test_manual_id1', 'ops_test_manual_id2']);
  });

  test('while the database is out of reach is answered 503, so that it is called again', async () => {
    const load = async () => {
      throw new DocumentsError('unavailable', 'Nobody answered.');
    };

    const reply = await openRunner({ load }).answer(aCall());

    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '30']);
  });
});

describe('a slot that must not run', () => {
  const tomorrow = new Date('2026-11-21T14:00:00Z');
  const yesterday = new Date('2026-11-19T14:00:00Z');
  const stale = { ...authorized, 'x-cloudscheduler-scheduletime': ['2026-11-19T13:00:00Z'] };
  test.each<[string, string, OpenRunnerOptions, Call]>([
    ['of a playbook that is not enabled', 'disabled', { record: { enabled: false } }, {}],
    ['of a paused playbook', 'paused', { record: { pause: { reason: 'Holidays', until: tomorrow, by: 'ann' } } }, {}],
    [
      'during maintenance',
      'maintenance',
      { control: { mode: 'maintenance', until: null, reason: 'Move', by: 'ann' } },
      {},
    ],
    ['that is more than a day old', 'stale', {}, { headers: stale }],
  ])('%s is recorded as skipped: %s', async (_, reason, options, call) => {
    const runner = openRunner(options);

    const reply = await runner.answer(aCall(call));

    expect(reply).toMatchObject({ status: 200, body: { success: true, status: 'skipped', reason } });
    expect(await loadExecution(runner.documents, String(reply.body['executionId']))).toMatchObject({
      status: 'skipped',
      reason,
    });
  });

  test('is skipped for good: a later delivery of it does not run', async () => {
    const skipped = openRunner({ record: { enabled: false } });
    await skipped.answer(aCall());

    expect((await skipped.answer(aCall())).body).toMatchObject({ status: 'skipped' });
  });

  test('runs again once its pause is over', async () => {
    const runner = openRunner({ record: { pause: { reason: 'Holidays', until: yesterday, by: 'ann' } } });

    expect((await runner.answer(aCall())).body).toMatchObject({ status: 'succeeded' });
  });
});
