import type { Context } from 'hono';
import { z } from 'zod';
import { assign, close, comment, reopen } from '#records/threads/thread-changes.ts';
import type { ThreadChange } from '#records/threads/thread-commit.ts';
import { decide, undoDecision } from '#records/threads/thread-decisions.ts';
import { formOf, TextField } from '#console/access/form.ts';
import type { Action } from '#console/access/roles.ts';
import type { Notice } from '#console/view/frame/notices.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import type { ConsoleWorld } from '#console/world/world.ts';

type PageContext = Context<ConsoleEnv>;

/** One thing that a person can do to a thread: the action that a role needs, how it is done, and the notice afterwards. */
export interface Deed {
  readonly name: string;
  readonly action: Action;
  readonly notice: Notice;
  /** The field whose text comes back with the page after a refusal. */
  readonly textField?: string;
  perform(c: PageContext, threadId: string): Promise<ThreadChange>;
}

const VerdictForm = z.object({ payloadSha256: z.string(), comment: TextField.default('') });
const CommentForm = z.object({ commentId: z.string(), text: TextField });
const AssignForm = z.object({ role: TextField });
const CloseForm = z.object({ reason: TextField });

/** Everything that people can do to a thread. */
export function deedsOf(world: ConsoleWorld): readonly Deed[] {
  return [...decisions(world), ...changes(world)];
}

function decisions(world: ConsoleWorld): readonly Deed[] {
  const verdictOf = (verdict: 'approved' | 'rejected') => async (c: PageContext, threadId: string) =>
    decide(world, actorOf(c), { threadId, verdict, ...(await formOf(c, VerdictForm)) });
  return [
    { name: 'approve', action: 'decide', notice: 'approved', textField: 'comment', perform: verdictOf('approved') },
    { name: 'reject', action: 'decide', notice: 'rejected', textField: 'comment', perform: verdictOf('rejected') },
    {
      name: 'undo',
      action: 'undo',
      notice: 'undone',
      perform: (c, threadId) => undoDecision(world, actorOf(c), { threadId }),
    },
  ];
}

function changes(world: ConsoleWorld): readonly Deed[] {
  return [
    {
      name: 'comment',
      action: 'comment',
      notice: 'commented',
      textField: 'text',
      perform: async (c, threadId) => comment(world, actorOf(c), { threadId, ...(await formOf(c, CommentForm)) }),
    },
    {
      name: 'assign',
      action: 'assign',
      notice: 'assigned',
      perform: async (c, threadId) => assign(world, actorOf(c), { threadId, ...(await formOf(c, AssignForm)) }),
    },
    {
      name: 'close',
      action: 'close_thread',
      notice: 'closed',
      textField: 'reason',
      perform: async (c, threadId) => close(world, actorOf(c), { threadId, ...(await formOf(c, CloseForm)) }),
    },
    {
      name: 'reopen',
      action: 'close_thread',
      notice: 'reopened',
      perform: (c, threadId) => reopen(world, actorOf(c), { threadId }),
    },
  ];
}

function actorOf(c: PageContext): { readonly email: string; readonly role: ConsoleEnv['Variables']['person']['role'] } {
  const { email, role } = c.var.person;
  return { email, role };
}
