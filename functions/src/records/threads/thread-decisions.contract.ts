import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Documents } from '#ports/documents/documents.ts';
import { changeWorld, LEO, openCampaign, POPS } from '#testing/builders/change-world.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { verifyChain } from '../audit/audit-chain.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { comment } from './thread-changes.ts';
import { listComments } from './thread-comments.ts';
import { decide, modifyPayload } from './thread-decisions.ts';
import { countAwaiting, listThreads, openApprovals } from './thread-queries.ts';
import { loadThread } from './threads.ts';

const HOUR_MS = 3_600_000;

/** The tests of people's decisions on any database. */
export function describeThreadDecisions(openDatabase: () => RunnerDatabase): void {
  let database: RunnerDatabase;
  let documents: Documents;

  beforeAll(() => {
    database = openDatabase();
    documents = database.documents;
  });

  afterAll(() => database.close());

  async function aCampaign(): Promise<{ readonly id: string; readonly payloadSha256: string }> {
    const id = `ops_${randomUUID()}_ask`;
    await openCampaign(changeWorld(documents), id);
    return { id, payloadSha256: (await loadThread(documents, id))?.payloadSha256 ?? '' };
  }

  async function actionsOn(targetId: string): Promise<readonly string[]> {
    return (await listAuditEntries(documents, { targetId }, { limit: 100 })).items.map(({ action }) => action);
  }

  describe('a thread that waits for a decision', () => {
    test('is decided once by 50 approvals and rejections at the same moment, with one audit entry', async () => {
      const { id, payloadSha256 } = await aCampaign();

      const made = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) =>
          decide(changeWorld(documents), index % 3 === 0 ? LEO : POPS, {
            threadId: id,
            verdict: index % 2 === 0 ? 'approved' : 'rejected',
            payloadSha256,
            comment: 'So I say.',
          }),
        ),
      );

      const changes = made.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      const refusals = made.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
      expect(changes.filter(({ already }) => !already)).toHaveLength(1);
      for (const refusal of refusals) {
        expect(refusal).toMatchObject({ code: 'rejected', message: expect.stringMatching(/^Already decided: /) });
      }
      const thread = await loadThread(documents, id);
      expect(new Set(changes.map((change) => change.thread.decision?.verdict))).toEqual(new Set([thread?.state]));
      expect(await actionsOn(id)).toEqual([`thread_${thread?.state}`]);
      expect(await verifyChain(documents, {})).toMatchObject({ ok: true });
    });

    test('is not approved in its old form when it is changed at the same moment', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { id, payloadSha256 } = await aCampaign();
        await Promise.allSettled([
          modifyPayload(changeWorld(documents), POPS, { threadId: id, seenSha256: payloadSha256, title: 'Other' }),
          decide(changeWorld(documents), LEO, { threadId: id, verdict: 'approved', payloadSha256, comment: '' }),
        ]);

        const thread = await loadThread(documents, id);
        expect(thread?.decision?.payloadSha256 ?? thread?.payloadSha256).toBe(thread?.payloadSha256);
        expect([thread?.state, thread?.title === 'Other']).toEqual(
          thread?.decision === null ? ['awaiting_approval', true] : ['approved', false],
        );
      }
    });

    test('is read back with its payload, its original and its hash', async () => {
      const { id, payloadSha256 } = await aCampaign();
      const world = changeWorld(documents);
      const payload = { drafts: [{ to: 'c2', lines: [['x'], ['y', 0.5]] }] };
      const { thread } = await modifyPayload(world, LEO, { threadId: id, seenSha256: payloadSha256, payload });
      await decide(world, POPS, {
        threadId: id,
        verdict: 'approved',
        payloadSha256: thread.payloadSha256,
        comment: '',
      });

      expect(await loadThread(documents, id)).toMatchObject({
        state: 'approved',
        payload,
        revisions: [{ payload: { drafts: [{ to: 'c1', lines: [['a', 'b']] }] }, payloadSha256, by: LEO.email }],
        decision: { payloadSha256: thread.payloadSha256, by: POPS.email },
      });
    });

    test('stores 10 comments once each when each is sent twice at the same moment', async () => {
      const { id } = await aCampaign();
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          comment(changeWorld(documents), LEO, {
            threadId: id,
            commentId: `comment-${index % 10}`,
            text: `Word ${index % 10}`,
          }),
        ),
      );

      expect((await listComments(documents, id)).comments).toHaveLength(10);
      expect(await actionsOn(id)).toHaveLength(10);
    });
  });

  describe('lists of threads', () => {
    test('show those of one execution newest first, page by page, without their content', async () => {
      const world = changeWorld(documents);
      const executionId = `ops_${randomUUID()}`;
      for (const step of ['a', 'b', 'c']) {
        await openCampaign(world, `${executionId}_${step}`);
        world.clock.advance(1_000);
      }

      const first = await listThreads(documents, { executionId, state: 'awaiting_approval' }, { limit: 2 });
      const second = await listThreads(
        documents,
        { executionId, state: 'awaiting_approval' },
        { limit: 2, after: first.next },
      );

      expect([...first.items, ...second.items].map(({ id }) => id.slice(-1))).toEqual(['c', 'b', 'a']);
      expect(second.next).toBeUndefined();
      expect(first.items[0]).not.toHaveProperty('body');
      expect(first.unreadable).toEqual([]);
    });

    test('show waiting ones by their deadline, without expired ones', async () => {
      const world = changeWorld(documents);
      world.clock.advance(100 * 24 * HOUR_MS);
      const inHours = (hours: number): { deadlineAt: Date } => ({
        deadlineAt: new Date(world.clock.now().getTime() + hours * HOUR_MS),
      });
      await openCampaign(world, 'late_ask', inHours(5));
      await openCampaign(world, 'soon_ask', inHours(1));
      await openCampaign(world, 'gone_ask', inHours(0));

      const { items } = await openApprovals(documents, world.clock.now(), 10);

      expect(items.map(({ id }) => id)).toEqual(['soon_ask', 'late_ask']);
      expect(await countAwaiting(documents, world.clock.now())).toBe(2);
    });
  });
}
