import { listComments } from '#records/threads/thread-comments.ts';
import { loadThread } from '#records/threads/threads.ts';
import { contentSha256, effectiveState } from '#records/threads/thread.ts';
import type { Person } from '#console/world/console-env.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { seededPeople } from '#console/view/records/seeded-people.ts';
import type { Refusal, ThreadView } from './thread-view.ts';

/** What the request says that the page shows, too. */
export interface ThreadRequest {
  readonly id: string;
  readonly path: string;
  readonly person: Person;
  readonly csrfToken: string;
  readonly timeZone: string;
  readonly refused: Refusal | undefined;
}

/** A thread with what stands around it; undefined where there is none. Throws `unavailable`, `internal` (unreadable). */
export async function loadThreadView(
  world: ConsoleWorld,
  { id, timeZone, ...request }: ThreadRequest,
): Promise<ThreadView | undefined> {
  const thread = await loadThread(world.documents, id);
  if (thread === undefined) return undefined;
  const [conversation, { roles }] = await Promise.all([listComments(world.documents, id), seededPeople(world)]);
  const now = world.clock.now();
  return {
    ...request,
    id,
    thread,
    state: effectiveState(thread, now),
    isIntact: contentSha256(thread) === thread.payloadSha256,
    conversation,
    roles: Object.keys(roles),
    time: { now, timeZone },
    commentId: world.newId(),
  };
}
