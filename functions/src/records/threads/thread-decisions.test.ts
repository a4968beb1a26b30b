import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import {
  ADMIN,
  changeWorld,
  type ChangeWorldOfTest,
  LEO,
  openCampaign,
  POPS,
  withMeanwhile,
} from '#testing/builders/change-world.ts';
import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { close } from './thread-changes.ts';
import { describeThreadDecisions } from './thread-decisions.contract.ts';
import { decide, modifyPayload, undoDecision } from './thread-decisions.ts';
import { loadThread } from './threads.ts';
import { effectiveState, type Thread } from './thread.ts';

describeThreadDecisions(sqliteFile);

const ID = 'ops_churn_prevention_20261120T1400Z_ask';

let documents: Documents;
let world: ChangeWorldOfTest;
let seen: string;

beforeEach(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  world = changeWorld(documents);
  await openCampaign(world, ID);
  seen = (await stored()).payloadSha256;
});

afterEach(async () => {
  await documents.close();
});

async function stored(): Promise<Thread> {
  const thread = await loadThread(documents, ID);
  if (thread === undefined) throw new Error('The thread is gone.');
  return thread;
}

async function actions(): Promise<readonly string[]> {
  return (await listAuditEntries(documents, {}, { limit: 50 })).items.map(({ action }) => action);
}

const approve = (by = LEO, payloadSha256 = seen) =>
  decide(world, by, { threadId: ID, verdict: 'approved', payloadSha256, comment: ' Good. ' });
const reject = (comment: string) =>
  decide(world, LEO, { threadId: ID, verdict: 'rejected', payloadSha256: seen, comment });
const refused = (message: RegExp) => ({ code: 'rejected', message: expect.stringMatching(message) });

describe('a decision', () => {
  test('records who approved exactly what, and until when it can be undone', async () => {
    const { thread, already } = await approve();

    expect(already).toBe(false);
    expect(await stored()).toEqual(thread);
    expect(thread).toMatchObject({
      state: 'approved',
      updatedAt: new Date('2026-11-20T14:00:00.000Z'),
      decision: {
        verdict: 'approved',
        by: LEO.email,
        at: new Date('2026-11-20T14:00:00.000Z'),
        finalAt: new Date('2026-11-20T14:01:00.000Z'),
        payloadSha256: seen,
        comment: 'Good.',
      },
    });
    expect(await listAuditEntries(documents, {}, { limit: 1 })).toMatchObject({
      items: [
        {
          action: 'thread_approved',
          by: LEO.email,
          target: { kind: 'thread', id: ID, name: 'Bring three customers back' },
          reason: 'Good.',
          details: { payloadSha256: seen },
        },
      ],
    });
  });

  test('made twice by the same person counts as already made, and is recorded once', async () => {
    await approve();

    expect(await approve()).toMatchObject({ already: true });
    expect(await actions()).toEqual(['thread_approved']);
  });

  test('by another person is too late, and says who was faster', async () => {
    await approve();

    await expect(approve(POPS)).rejects.toMatchObject(
      refused(/^Already decided: leo@bakedbot.ai approved it at 2026-11-20T14:00:00.000Z/),
    );
  });

  test('is also too late when another is made between its read and its write', async () => {
    const slow = changeWorld(withMeanwhile(documents, () => approve(POPS)));
    const late = decide(slow, LEO, { threadId: ID, verdict: 'rejected', payloadSha256: seen, comment: 'No.' });

    await expect(late).rejects.toMatchObject(refused(/^Already decided: pops@bakedbot.ai approved/));
    expect(await actions()).toEqual(['thread_approved']);
  });

  test('does not count as already made when it is about other content', async () => {
    await approve();

    await expect(approve(LEO, 'f'.repeat(64))).rejects.toMatchObject({ code: 'rejected' });
  });

  test('that rejects needs a visible comment', async () => {
    await expect(reject(' \u200b ')).rejects.toMatchObject({ code: 'input_invalid' });
    expect(await reject('Too many.')).toMatchObject({ thread: { state: 'rejected' } });
  });

  test('about outdated content is refused, and says who changed it', async () => {
    await modifyPayload(world, POPS, { threadId: ID, seenSha256: seen, title: 'Bring two customers back' });

    await expect(approve()).rejects.toMatchObject(refused(/not what you saw.*pops@bakedbot.ai changed it/));
    expect((await stored()).state).toBe('awaiting_approval');
  });

  test('about content that was changed outside the console is refused, whichever hash is given', async () => {
    const changes = [{ field: ['payload'], value: { drafts: [] } }];
    await documents.commit([{ kind: 'update', path: `playbook_threads/${ID}`, changes }]);

    await expect(approve()).rejects.toMatchObject(refused(/outside the console/));
    expect(await actions()).toEqual([]);
  });

  test('is too late at the deadline, which denies by default', async () => {
    world.clock.advance(86_400_000 - 1);
    expect(effectiveState(await stored(), world.clock.now())).toEqual({ state: 'awaiting_approval', final: false });
    world.clock.advance(1);

    expect(effectiveState(await stored(), world.clock.now())).toEqual({ state: 'expired', final: true });
    await expect(approve()).rejects.toMatchObject(refused(/nobody decided by 2026-11-21T14:00:00.000Z/));
  });

  test('is refused for a thread that needs none, and for one that does not exist', async () => {
    await openCampaign(world, 'note_ask', { kind: 'note', deadlineAt: null });
    const verdict = { verdict: 'approved', payloadSha256: seen, comment: '' } as const;

    await expect(decide(world, LEO, { threadId: 'note_ask', ...verdict })).rejects.toMatchObject(refused(/not wait/));
    for (const threadId of ['gone', '', '..', `${ID}/comments/c`, '__x__', '\ud800']) {
      await expect(decide(world, LEO, { threadId, ...verdict })).rejects.toMatchObject({ code: 'input_invalid' });
    }
  });
});

describe('a decision that is undone', () => {
  test('leaves the thread waiting as before', async () => {
    await approve();
    world.clock.advance(59_999);
    await undoDecision(world, LEO, { threadId: ID });

    expect(await stored()).toMatchObject({ state: 'awaiting_approval', decision: null, payloadSha256: seen });
    expect(await undoDecision(world, LEO, { threadId: ID })).toMatchObject({ already: true });
    expect(await actions()).toEqual(expect.arrayContaining(['decision_undone', 'thread_approved']));
    expect(await actions()).toHaveLength(2);
  });

  test('is final after a minute', async () => {
    await approve();
    world.clock.advance(60_000);

    expect(effectiveState(await stored(), world.clock.now())).toEqual({ state: 'approved', final: true });
    await expect(undoDecision(world, LEO, { threadId: ID })).rejects.toMatchObject(refused(/final since/));
  });

  test('is undone only by its author or an admin', async () => {
    await approve();

    await expect(undoDecision(world, POPS, { threadId: ID })).rejects.toMatchObject(refused(/Only leo@bakedbot.ai/));
    expect(await undoDecision(world, ADMIN, { threadId: ID })).toMatchObject({ already: false });
  });

  test('must exist', async () => {
    await openCampaign(world, 'note_ask', { kind: 'note', deadlineAt: null });
    await close(world, LEO, { threadId: 'note_ask', reason: 'Read.' });

    await expect(undoDecision(world, LEO, { threadId: 'note_ask' })).rejects.toMatchObject(refused(/Nothing was/));
  });
});

describe('a modification', () => {
  const modify = (title: string, seenSha256 = seen) => modifyPayload(world, LEO, { threadId: ID, seenSha256, title });

  test('keeps the original, and requests approval of the new content', async () => {
    const { thread } = await modify('Bring\ntwo\u202e back');

    expect(thread).toMatchObject({
      title: 'Bring two back',
      state: 'awaiting_approval',
      revisions: [{ title: 'Bring three customers back', payloadSha256: seen, by: LEO.email }],
    });
    expect(thread.revisions[0]).not.toHaveProperty('payload');
    expect(await approve(POPS, thread.payloadSha256)).toMatchObject({ thread: { state: 'approved' } });
  });

  test('made twice counts as already made', async () => {
    await modify('Other');

    expect(await modify('Other')).toMatchObject({ already: true, thread: { revisions: [{}] } });
    expect(await actions()).toEqual(['thread_payload_modified']);
  });

  test('of outdated content is refused', async () => {
    await modify('Other');

    await expect(modify('A third')).rejects.toMatchObject(refused(/not what you saw/));
  });

  test('is refused after a decision', async () => {
    await approve();

    await expect(modify('Other')).rejects.toMatchObject(refused(/Already decided/));
  });

  test('needs a title of at most 1,000 characters, and fits into a record', async () => {
    await expect(modify(' ')).rejects.toMatchObject({ code: 'input_invalid' });
    await expect(modify('x'.repeat(1_001))).rejects.toMatchObject({ code: 'input_invalid' });
    const large = { threadId: ID, seenSha256: seen, payload: { text: 'x'.repeat(1_100_000) } };
    await expect(modifyPayload(world, LEO, large)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(await actions()).toEqual([]);
  });

  test('is possible 20 times', async () => {
    let { payloadSha256 } = await stored();
    for (let index = 0; index < 20; index += 1) ({ payloadSha256 } = (await modify(`${index}`, payloadSha256)).thread);

    await expect(modify('Once more', payloadSha256)).rejects.toMatchObject(refused(/20 times/));
    expect((await stored()).revisions).toHaveLength(20);
  });
});
