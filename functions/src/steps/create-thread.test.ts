import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { Step } from '#language/playbook/playbook.ts';
import { attemptStep } from '#testing/builders/attempt-step.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { createThread } from './create-thread.ts';

const incident = { kind: 'incident', assignee: 'operator', title: 'Gmail is offline', body: 'Look *now*.' };
const ID = 'ops_daily_health_check_20261120T1400Z_report';

function inbox() {
  const documents = sqliteDocuments({ file: ':memory:' });
  const ports = stepPorts({ documents });
  return {
    documents,
    open: (input: JsonObject, changes = {}) => attemptStep(createThread, input, stepContext(changes), ports),
    read: async () => (await documents.get(`playbook_threads/${ID}`))?.data,
  };
}

describe('a thread', () => {
  test('is opened with its assignee, its content and its origin', async () => {
    const { open, read } = inbox();
    expect(await open(incident)).toEqual({ threadId: ID });
    expect(await read()).toMatchObject({
      ...incident,
      assigneeAddresses: ['martez@bakedbot.ai'],
      needsApproval: false,
      state: 'open',
      evidence: { playbookId: 'ops_daily_health_check', stepPath: 'report' },
      createdAt: new Date('2026-11-20T14:00:00.000Z'),
      expireAt: new Date('2027-02-18T14:00:00.000Z'),
    });
  });

  test('has a one-line title and no invisible characters', async () => {
    const { open, read } = inbox();
    await open({ ...incident, title: 'Gmail\u202e is\r\n\u200boffline', body: 'Look\u{e0041} *now*.\nPlease.' });
    expect(await read()).toMatchObject({ title: 'Gmail is offline', body: 'Look *now*.\nPlease.' });
  });

  test('is opened once, even if the step is repeated', async () => {
    const { open, read, documents } = inbox();
    await open(incident);
    expect(await open({ ...incident, title: 'Again' }, { attempt: 2 })).toEqual({ threadId: ID });
    expect((await read())?.['title']).toBe('Gmail is offline');
    expect(await documents.query({ collection: 'playbook_threads' })).toHaveLength(1);
  });

  test('does not take over a document of another step', async () => {
    const { open, documents } = inbox();
    await documents.commit([{ kind: 'create', path: `playbook_threads/${ID}`, data: { title: 'Mine' } }]);
    await expect(open(incident)).rejects.toMatchObject({ code: 'internal' });
  });

  test('for an unknown role is refused, with a suggestion', async () => {
    await expect(inbox().open({ ...incident, assignee: 'opertor' })).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining("'operator'"),
    });
  });
});

describe('a campaign', () => {
  const campaign = { ...incident, kind: 'campaign', payload: { drafts: [{ to: 'c1', lines: [['a', 'b']] }] } };

  test('waits for approval by default', async () => {
    const { open, read } = inbox();
    await open(campaign);
    expect(await read()).toMatchObject({ needsApproval: true, state: 'awaiting_approval' });
  });

  test('that needs no approval is refused, when checked and when run', async () => {
    const unapproved = { ...campaign, needsApproval: false };
    await expect(inbox().open(unapproved)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(() =>
      createThread.effect(Step.parse({ id: 'c', type: 'create_thread', ...unapproved }), stepPorts()),
    ).toThrow('approve');
  });

  test('has a hash of exactly what is to be approved', async () => {
    const fingerprint = async (payload: Json) => {
      const { open, read } = inbox();
      await open({ ...campaign, payload });
      return (await read())?.['payloadSha256'];
    };
    expect(await fingerprint({ a: 1, b: 2 })).toBe(await fingerprint({ b: 2, a: 1 }));
    expect(await fingerprint({ a: 1 })).not.toBe(await fingerprint({ a: 2 }));
  });
});

describe('a thread that needs approval', () => {
  const asking = { ...incident, needsApproval: true };

  test('waits a week by default, or as long as its step says, and can be found by its execution', async () => {
    const week = inbox();
    await week.open(asking);
    expect(await week.read()).toMatchObject({
      state: 'awaiting_approval',
      deadlineAt: new Date('2026-11-27T14:00:00.000Z'),
      executionId: 'ops_daily_health_check_20261120T1400Z',
      playbookId: 'ops_daily_health_check',
    });
    const day = inbox();
    await day.open({ ...asking, deadline: '24h' });
    expect((await day.read())?.['deadlineAt']).toEqual(new Date('2026-11-21T14:00:00.000Z'));
  });

  test.each(['0s', '59s', '31d', '1 day', '${{ 1 }}'])('does not wait %s', async (deadline) => {
    await expect(inbox().open({ ...asking, deadline })).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test('is the only kind with a deadline, when checked and when run', async () => {
    const idle = { ...incident, deadline: '24h' };
    const step = (fields: JsonObject) => Step.parse({ id: 'c', type: 'create_thread', ...fields });
    await expect(inbox().open(idle)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(() => createThread.effect(step(idle), stepPorts())).toThrow('needsApproval');
    expect(createThread.effect(step({ ...idle, kind: 'campaign' }), stepPorts())).toBe('keyed');
    expect(createThread.effect(step({ ...idle, kind: '${{ inputs.kind }}' }), stepPorts())).toBe('keyed');
  });
});
