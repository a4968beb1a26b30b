import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { changeWorld, type ChangeWorldOfTest, LEO, openCampaign, POPS } from '#testing/builders/change-world.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { assign, close, comment, reopen } from './thread-changes.ts';
import { listComments } from './thread-comments.ts';
import { loadThread, readThread } from './threads.ts';

const ID = 'ops_monitor_20261120T1400Z_incident';

let documents: Documents;
let world: ChangeWorldOfTest;

beforeEach(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  world = changeWorld(documents);
  await openCampaign(world, ID, { kind: 'incident', title: 'Gmail is offline', deadlineAt: null });
});

afterEach(async () => {
  await documents.close();
});

async function actions(): Promise<readonly string[]> {
  return (await listAuditEntries(documents, {}, { limit: 50 })).items.map(({ action }) => action);
}

const say = (text: string, commentId = 'comment-1', by = LEO) => comment(world, by, { threadId: ID, commentId, text });

describe('a comment', () => {
  test('is stored with its author and time, and updates the thread', async () => {
    world.clock.advance(5_000);
    await say('  I look into <b>it</b>.\r\nNow. ');

    const at = new Date('2026-11-20T14:00:05.000Z');
    expect(await listComments(documents, ID)).toEqual({
      comments: [{ id: 'comment-1', by: LEO.email, at, text: 'I look into <b>it</b>.\nNow.' }],
      hasMore: false,
    });
    expect((await loadThread(documents, ID))?.updatedAt).toEqual(at);
  });

  test('sent twice is stored once', async () => {
    await say('Yes.');

    expect(await say('Yes.')).toMatchObject({ already: true });
    expect(await actions()).toEqual(['thread_commented']);
  });

  test('never replaces another', async () => {
    await say('Yes.');

    await expect(say('No.')).rejects.toMatchObject({ code: 'input_invalid' });
    await expect(say('Yes.', 'comment-1', POPS)).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test.each([
    ['without text', '\u200b\n', 'comment-1'],
    ['of more than 5,000 characters', 'x'.repeat(5_001), 'comment-1'],
    ['with an id that is too short', 'Yes.', 'c'],
    ['with an id that is a path', 'Yes.', '../../audit_log/1'],
    ['with a reserved id', 'Yes.', '__comment__'],
  ])('%s is refused', async (_, text, commentId) => {
    await expect(say(text, commentId)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(await actions()).toEqual([]);
  });

  test('is listed among the newest 50, oldest first', async () => {
    for (let index = 0; index < 52; index += 1) {
      await say(`Word ${index}`, `comment-${index}`);
      world.clock.advance(1);
    }
    const { comments, hasMore } = await listComments(documents, ID);

    expect([comments.length, comments[0]?.text, comments.at(-1)?.text, hasMore]).toEqual([
      50,
      'Word 2',
      'Word 51',
      true,
    ]);
  });
});

describe('a thread', () => {
  test('is assigned to another role and its people', async () => {
    await assign(world, LEO, { threadId: ID, role: 'reports' });

    expect(await loadThread(documents, ID)).toMatchObject({
      assignee: 'reports',
      assigneeAddresses: ['martez@bakedbot.ai', 'rishabh@bakedbot.ai'],
    });
    expect(await assign(world, LEO, { threadId: ID, role: 'reports' })).toMatchObject({ already: true });
    expect(await actions()).toEqual(['thread_assigned']);
  });

  test('is not assigned to a role that does not exist', async () => {
    await expect(assign(world, LEO, { threadId: ID, role: 'opertor' })).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining("'operator'"),
    });
    await expect(assign(world, LEO, { threadId: ID, role: 'constructor' })).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });

  test('is closed with a reason and reopened, each once', async () => {
    await expect(close(world, LEO, { threadId: ID, reason: ' ' })).rejects.toMatchObject({ code: 'input_invalid' });
    await close(world, LEO, { threadId: ID, reason: 'Back since 14:20.' });

    expect(await close(world, POPS, { threadId: ID, reason: 'Back.' })).toMatchObject({
      already: true,
      thread: { state: 'closed', closed: { by: LEO.email, reason: 'Back since 14:20.' } },
    });
    expect((await reopen(world, LEO, { threadId: ID })).thread).toMatchObject({ state: 'open', closed: null });
    expect(await reopen(world, LEO, { threadId: ID })).toMatchObject({ already: true });
    expect(await actions()).toHaveLength(2);
  });

  test('is not closed while it waits for a decision; denied by its deadline, it can be, permanently', async () => {
    await openCampaign(world, 'asking');
    const closing = () => close(world, LEO, { threadId: 'asking', reason: 'Too late.' });
    await expect(closing()).rejects.toMatchObject({ code: 'rejected' });
    world.clock.advance(86_400_000);

    expect((await closing()).thread.state).toBe('closed');
    await expect(reopen(world, LEO, { threadId: 'asking' })).rejects.toMatchObject({ code: 'rejected' });
  });

  test('that was opened before threads could be decided is still read, and waits for a week', async () => {
    const createdAt = new Date('2026-11-01T00:00:00.000Z');
    const data = {
      kind: 'campaign',
      assignee: 'operator',
      assigneeAddresses: [],
      title: 'Old',
      body: '',
      payloadSha256: 'x',
      needsApproval: true,
      state: 'awaiting_approval',
      evidence: { executionId: 'e', playbookId: 'p', stepPath: 's' },
      createdAt,
      expireAt: createdAt,
    };
    await documents.commit([{ kind: 'create', path: 'playbook_threads/old', data }]);
    const stored = await documents.get('playbook_threads/old');

    expect(stored && readThread(stored)).toEqual({
      ...data,
      deadlineAt: new Date('2026-11-08T00:00:00.000Z'),
      decision: null,
      revisions: [],
      closed: null,
      updatedAt: createdAt,
    });
  });
});
