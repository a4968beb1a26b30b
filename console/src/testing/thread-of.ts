import type { Documents } from '#ports/documents/documents.ts';
import { openThread } from '#records/threads/threads.ts';
import type { NewThread } from '#records/threads/thread-states.ts';

/** When the threads of tests were opened: when the clock of tests begins. */
const OPENED = new Date('2026-11-20T14:00:00.000Z');

/** Opens a thread as a step would: a note unless `given` says more; with a deadline it waits for a decision. */
export async function openTestThread(documents: Documents, id: string, given: Partial<NewThread> = {}): Promise<void> {
  await openThread(documents, id, {
    kind: given.deadlineAt === undefined ? 'note' : 'campaign',
    assignee: 'operator',
    assigneeAddresses: ['ops@example.com'],
    title: `Thread ${id}`,
    body: 'Some **text**.',
    evidence: { executionId: `execution-of-${id}`, playbookId: 'ops_churn_prevention', stepPath: 'campaign' },
    deadlineAt: null,
    createdAt: OPENED,
    expireAt: new Date('2027-12-25T00:00:00.000Z'),
    ...given,
  });
}

/** So many hours after the clock of tests begins. */
export function afterHours(hours: number): Date {
  return new Date(OPENED.getTime() + hours * 3_600_000);
}
