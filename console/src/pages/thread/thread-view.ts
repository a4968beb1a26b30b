import type { Conversation } from '#records/threads/thread-comments.ts';
import type { EffectiveState, Thread } from '#records/threads/thread.ts';
import type { Person } from '#console/world/console-env.ts';
import type { ReaderTime } from '#console/view/elements/time.tsx';

/** Everything that the page of one thread shows. */
export interface ThreadView {
  readonly id: string;
  /** The address of the page. */
  readonly path: string;
  readonly thread: Thread;
  readonly state: EffectiveState;
  /** Title, body and payload are what the hash beside them says. */
  readonly isIntact: boolean;
  readonly conversation: Conversation;
  /** Those that a thread can be assigned to. */
  readonly roles: readonly string[];
  readonly person: Person;
  readonly csrfToken: string;
  readonly time: ReaderTime;
  /** An id that nothing was said under yet: the comment form's own. */
  readonly commentId: string;
  /** What came of a form that was refused, and what its author wrote. */
  readonly refused: Refusal | undefined;
}

/** A change that was not made: the sentence why, and what was written in which form. */
export interface Refusal {
  readonly message: string;
  readonly deed: string;
  readonly text: string;
}
