import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { DocumentValue, Documents } from '#ports/documents/documents.ts';
import { ADMIN, changeWorld, LEO, openCampaign, POPS, type ChangeWorldOfTest } from '#testing/builders/change-world.ts';
import { interleaved } from '#testing/builders/interleaved-documents.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { assign, close, comment, reopen } from './thread-changes.ts';
import { decide, modifyPayload, undoDecision } from './thread-decisions.ts';
import { loadThread, THREADS } from './threads.ts';
import type { Thread } from './thread.ts';

const threadId = 'ops_churn_prevention_20261120T1400Z_ask';
const path = `${THREADS}/${threadId}`;

let documents: Documents;
let world: ChangeWorldOfTest;
let seen: string;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
  world = changeWorld(documents);
});
afterEach(() => documents.close());

async function stored(): Promise<Thread> {
  const thread = await loadThread(documents, threadId);
  if (thread === undefined) throw new Error('The thread is gone.');
  return thread;
}

async function opened(changes: Parameters<typeof openCampaign>[2] = {}): Promise<void> {
  await openCampaign(world, threadId, changes);
  seen = (await stored()).payloadSha256;
}

async function actions(): Promise<readonly string[]> {
  return (await listAuditEntries(documents, {}, { limit: 50 })).items.map(({ action }) => action).toReversed();
}

const decided =
  (verdict: 'approved' | 'rejected', by = LEO) =>
  (on: ChangeWorldOfTest) =>
    decide(on, by, { threadId, verdict, payloadSha256: seen, comment: 'So.' });

/** Every change of a thread by a person, and what makes it possible. */
const CHANGES = {
  approve: { prepare: () => opened(), change: decided('approved') },
  reject: { prepare: () => opened(), change: decided('rejected') },
  undo: {
    prepare: async () => {
      await opened();
      await decided('approved')(world);
    },
    change: (on: ChangeWorldOfTest) => undoDecision(on, LEO, { threadId }),
  },
  modify: {
    prepare: () => opened(),
    change: (on: ChangeWorldOfTest) => modifyPayload(on, LEO, { threadId, seenSha256: seen, body: 'Two drafts.' }),
  },
  comment: {
    prepare: () => opened(),
    change: (on: ChangeWorldOfTest) => comment(on, LEO, { threadId, commentId: 'comment-1', text: 'Hm.' }),
  },
  assign: {
    prepare: () => opened(),
    change: (on: ChangeWorldOfTest) => assign(on, LEO, { threadId, role: 'reports' }),
  },
  close: {
    prepare: () => opened({ deadlineAt: null }),
    change: (on: ChangeWorldOfTest) => close(on, LEO, { threadId, reason: 'Done' }),
  },
  reopen: {
    prepare: async () => {
      await opened({ deadlineAt: null });
      await close(world, LEO, { threadId, reason: 'Done' });
    },
    change: (on: ChangeWorldOfTest) => reopen(on, LEO, { threadId }),
  },
} as const;
const NAMES = ['approve', 'reject', 'undo', 'modify', 'comment', 'assign', 'close', 'reopen'] as const;

const slowly = (meanwhile: () => Promise<unknown>): ChangeWorldOfTest => {
  return { ...world, documents: interleaved(documents, meanwhile) };
};
const byHand = (fields: Readonly<Record<string, DocumentValue>>) => () =>
  documents.commit([
    { kind: 'update', path, changes: Object.entries(fields).map(([name, value]) => ({ field: [name], value })) },
  ]);

describe('a change of a thread', () => {
  test.each(NAMES)('sent twice at the same moment happens once: %s', async (name) => {
    await CHANGES[name].prepare();
    const before = (await actions()).length;

    const { already } = await CHANGES[name].change(slowly(() => CHANGES[name].change(world)));

    expect(already).toBe(true);
    expect(await actions()).toHaveLength(before + 1);
  });

  test.each(NAMES)('keeps what another person changed at the same moment: %s', async (name) => {
    await CHANGES[name].prepare();
    const another = () => comment(world, POPS, { threadId, commentId: 'comment-2', text: 'Wait.' });

    await CHANGES[name].change(slowly(another));

    expect((await actions()).slice(-2)[0]).toBe('thread_commented');
    expect((await documents.get(`${path}/comments/comment-2`))?.data).toMatchObject({ by: POPS.email });
  });

  /** Changes a thread whose title and assignee somebody edits in the database meanwhile. */
  async function changedWhileEdited(name: (typeof NAMES)[number]) {
    await CHANGES[name].prepare();
    const edited = byHand({ title: 'Another title', assignee: 'reports', assigneeAddresses: ['x@bakedbot.ai'] });
    return CHANGES[name].change(slowly(edited));
  }

  test.each(['undo', 'comment', 'assign', 'close', 'reopen'] as const)(
    'applies to a thread that was edited in the database meanwhile: %s',
    async (name) => {
      expect((await changedWhileEdited(name)).thread.title).toBe('Another title');
      expect(await stored()).toMatchObject({ title: 'Another title', assignee: 'reports' });
    },
  );

  test.each(['approve', 'reject', 'modify'] as const)(
    'that depends on the content is refused if that was edited in the database meanwhile: %s',
    async (name) => {
      await expect(changedWhileEdited(name)).rejects.toMatchObject({
        code: 'rejected',
        message: expect.stringMatching(/differs from what was recorded/),
      });
      expect(await stored()).toMatchObject({ state: 'awaiting_approval', title: 'Another title', revisions: [] });
    },
  );

  test.each(NAMES)('of a thread that is deleted meanwhile is refused, and leaves nothing: %s', async (name) => {
    await CHANGES[name].prepare();
    const before = await actions();
    const deleted = () => documents.commit([{ kind: 'delete', path }]);

    await expect(CHANGES[name].change(slowly(deleted))).rejects.toMatchObject({ code: 'input_invalid' });
    expect([await documents.get(path), await actions()]).toEqual([undefined, before]);
  });
});

describe('a decision', () => {
  test.each([
    ['approved', 'rejected'],
    ['rejected', 'approved'],
  ] as const)('that comes after the opposite one of the same moment is refused: %s after %s', async (late, early) => {
    await opened();

    await expect(decided(late, POPS)(slowly(() => decided(early)(world)))).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(`Already decided: ${LEO.email} ${early} it`),
    });
  });
});

describe('content that is modified to what it already is', () => {
  const same = () => modifyPayload(world, POPS, { threadId, seenSha256: seen, body: 'Three drafts.' });

  test('is already so while the thread waits', async () => {
    await opened();

    expect(await same()).toMatchObject({ already: true });
    expect(await actions()).toEqual([]);
  });

  test.each(['approved', 'rejected'] as const)('is refused once somebody has decided: %s', async (verdict) => {
    await opened();
    await decided(verdict)(world);

    await expect(same()).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/^Already decided: leo@bakedbot\.ai/),
    });
  });

  test('is refused where the thread asks for nothing, or is closed', async () => {
    await opened({ deadlineAt: null });
    await expect(same()).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/not waiting for a decision/),
    });

    await close(world, ADMIN, { threadId, reason: 'Done' });
    await expect(same()).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/not waiting for a decision/),
    });
  });
});

const BEFORE = { title: 'Bring three customers back', body: 'Three drafts.', payload: { n: 1 } };
const AFTER = { title: 'Bring two back', body: 'Two drafts.', payload: { n: 2 } };
const FIELDS = ['title', 'body', 'payload'] as const;

/** Every way to send some of the fields, each changed or as it was. */
const SENT = [0, 1, 2].flatMap((title) =>
  [0, 1, 2].flatMap((body) => [0, 1, 2].map((payload) => ({ title, body, payload }))),
);

describe('a modification', () => {
  test.each(SENT.filter((one) => Object.values(one).includes(2)))(
    'keeps the old content of what changed, and only of that (0: not sent, 1: sent unchanged, 2: changed): %j',
    async (sent) => {
      await opened({ ...BEFORE });
      const given = Object.fromEntries(
        FIELDS.flatMap((field) => (sent[field] === 0 ? [] : [[field, (sent[field] === 1 ? BEFORE : AFTER)[field]]])),
      );
      const changed = FIELDS.filter((field) => sent[field] === 2);

      await modifyPayload(world, LEO, { threadId, seenSha256: seen, ...given });

      const { revisions } = await stored();
      const old = Object.fromEntries(changed.map((field) => [field, BEFORE[field]]));
      expect(revisions).toEqual([{ ...old, payloadSha256: seen, by: LEO.email, at: world.clock.now() }]);
      const [entry] = (await listAuditEntries(documents, {}, { limit: 1 })).items;
      expect(entry?.details).toMatchObject({ changed });
    },
  );
});

describe('a thread that is opened at a path', () => {
  const evidence = { executionId: 'e1', playbookId: 'ops_churn_prevention', stepPath: 'ask' };
  const open = (changes: Partial<typeof evidence>) =>
    openCampaign(world, threadId, { evidence: { ...evidence, ...changes } });

  test('by the same step of the same execution is the same thread, unchanged', async () => {
    await open({});
    await decideAnyhow();
    const before = await documents.get(path);

    await open({});

    expect(await documents.get(path)).toMatchObject({ updateTime: before?.updateTime });
  });

  test.each([
    ['another execution', { executionId: 'e2' }],
    ['another step', { stepPath: 'tell' }],
    ['neither', { executionId: 'e2', stepPath: 'tell' }],
  ])('which another thread has is refused: that of %s', async (_, changes) => {
    await open(changes);

    await expect(open({})).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining(path) });
    expect((await stored()).evidence).toEqual({ ...evidence, ...changes });
  });

  test.each<readonly [string, Readonly<Record<string, DocumentValue>>]>([
    ['has no evidence', { title: 'x' }],
    ['has damaged evidence', { evidence: 'e1' }],
    ['lacks the step', { evidence: { executionId: 'e1', playbookId: 'p' } }],
  ])('which holds a document that %s is refused', async (_, data) => {
    await documents.commit([{ kind: 'create', path, data }]);

    await expect(open({})).rejects.toMatchObject({ code: 'internal' });
  });

  async function decideAnyhow(): Promise<void> {
    await decide(world, LEO, {
      threadId,
      verdict: 'approved',
      payloadSha256: (await stored()).payloadSha256,
      comment: '',
    });
  }
});
