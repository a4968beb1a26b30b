import type { Documents } from '#ports/documents/documents.ts';
import type { Settings } from '#ports/settings.ts';
import type { Actor, ChangeWorld } from '#records/audit/actor.ts';
import { AUDIT_HEAD_PATH } from '#records/audit/audit-log.ts';
import { openThread } from '#records/threads/threads.ts';
import type { NewThread } from '#records/threads/thread-states.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { stepPorts } from './step-ports.ts';

/** The dependencies of people's changes in tests: a small team, numbered ids, a clock that the test moves. */
export interface ChangeWorldOfTest extends ChangeWorld {
  readonly clock: FakeClock;
  readonly settings: Pick<Settings, 'people'>;
}

/** People of the team. */
export const LEO: Actor = { email: 'leo@bakedbot.ai', role: 'approver' };
export const POPS: Actor = { email: 'pops@bakedbot.ai', role: 'approver' };
export const ADMIN: Actor = { email: 'martez@bakedbot.ai', role: 'admin' };

let ids = 0;

/** The dependencies on a test's database. */
export function changeWorld(documents: Documents): ChangeWorldOfTest {
  return { documents, clock: fakeClock(), settings: stepPorts().settings, newId: () => `id-${(ids += 1)}` };
}

/** Opens a campaign that waits one day for a decision, with `changes`. */
export async function openCampaign(
  { documents, clock }: ChangeWorld,
  id: string,
  changes: Partial<NewThread> = {},
): Promise<void> {
  const now = clock.now();
  await openThread(documents, id, {
    kind: 'campaign',
    assignee: 'operator',
    assigneeAddresses: ['martez@bakedbot.ai'],
    title: 'Bring three customers back',
    body: 'Three drafts.',
    payload: { drafts: [{ to: 'c1', lines: [['a', 'b']] }] },
    evidence: { executionId: id.replace(/_[^_]*$/, ''), playbookId: 'ops_churn_prevention', stepPath: 'ask' },
    deadlineAt: new Date(now.getTime() + 86_400_000),
    createdAt: now,
    expireAt: new Date('2027-12-31T00:00:00.000Z'),
    ...changes,
  });
}

/** A database on which `action` happens after a change has read its data, just before it is written. */
export function withMeanwhile(documents: Documents, action: () => Promise<unknown>): Documents {
  let hasHappened = false;
  return {
    ...documents,
    async get(path) {
      if (path === AUDIT_HEAD_PATH && !hasHappened) {
        hasHappened = true;
        await action();
      }
      return documents.get(path);
    },
  };
}
