import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { assign, close, comment, reopen } from '#records/threads/thread-changes.ts';
import type { ThreadChange } from '#records/threads/thread-commit.ts';
import { decide, undoDecision } from '#records/threads/thread-decisions.ts';
import { loadThread } from '#records/threads/threads.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { formField } from '#console/access/form-field.ts';
import type { Action } from '#console/access/roles.ts';
import { queriesOf } from '#console/live/topics.ts';
import { show } from '#console/view/frame/frame.tsx';
import { withNotice, type Notice } from '#console/view/frame/notices.ts';
import { shownText } from '#console/view/elements/text.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { formOf, TextField } from '#console/access/form.ts';
import { loadThreadView } from './load-thread-view.ts';
import { modifyRoutes } from './modify.tsx';
import { ThreadPage } from './thread-page.tsx';
import type { Refusal } from './thread-view.ts';

type PageContext = Context<ConsoleEnv>;

/** One thing that a person can do to a thread: who may, how it is done, and what the page says after it. */
interface Deed {
  readonly name: string;
  readonly action: Action;
  readonly notice: Notice;
  /** The field whose text comes back with the page when it was refused. */
  readonly textField?: string;
  perform(c: PageContext, threadId: string): Promise<ThreadChange>;
}

const Verdict = z.object({ payloadSha256: z.string(), comment: TextField.default('') });

/** `/inbox/{id}`: one thread, and what people do about it. Reads at most 52 documents beside those of the frame. */
export function threadPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/inbox/:id', (c) => threadPage(c, world, undefined));
  app.get('/inbox/:id/payload.json', allow('export'), (c) => payloadFile(c, world));
  app.route('/', modifyRoutes(world));
  for (const deed of deedsOf(world)) {
    app.post(`/inbox/:id/${deed.name}`, allow(deed.action), (c) => doIt(c, world, deed));
    // Whoever asks for the address of a refused form again comes to the thread, and nothing is done.
    app.get(`/inbox/:id/${deed.name}`, (c) => c.redirect(pathOf(c), 303));
  }
  return app;
}

function deedsOf(world: ConsoleWorld): readonly Deed[] {
  const verdictOf = (verdict: 'approved' | 'rejected') => async (c: PageContext, threadId: string) =>
    decide(world, actorOf(c), { threadId, verdict, ...(await formOf(c, Verdict)) });
  return [
    { name: 'approve', action: 'decide', notice: 'approved', textField: 'comment', perform: verdictOf('approved') },
    { name: 'reject', action: 'decide', notice: 'rejected', textField: 'comment', perform: verdictOf('rejected') },
    {
      name: 'undo',
      action: 'undo',
      notice: 'undone',
      perform: (c, threadId) => undoDecision(world, actorOf(c), { threadId }),
    },
    {
      name: 'comment',
      action: 'comment',
      notice: 'commented',
      textField: 'text',
      perform: async (c, threadId) =>
        comment(world, actorOf(c), {
          threadId,
          ...(await formOf(c, z.object({ commentId: z.string(), text: TextField }))),
        }),
    },
    {
      name: 'assign',
      action: 'assign',
      notice: 'assigned',
      perform: async (c, threadId) =>
        assign(world, actorOf(c), { threadId, ...(await formOf(c, z.object({ role: TextField }))) }),
    },
    {
      name: 'close',
      action: 'close_thread',
      notice: 'closed',
      textField: 'reason',
      perform: async (c, threadId) =>
        close(world, actorOf(c), { threadId, ...(await formOf(c, z.object({ reason: TextField }))) }),
    },
    {
      name: 'reopen',
      action: 'close_thread',
      notice: 'reopened',
      perform: (c, threadId) => reopen(world, actorOf(c), { threadId }),
    },
  ];
}

/** Does it and shows the thread; what was refused is said on the thread as it is now, with what the person wrote. */
async function doIt(c: PageContext, world: ConsoleWorld, deed: Deed): Promise<Response> {
  try {
    await deed.perform(c, idOf(c));
    return c.redirect(withNotice(pathOf(c), deed.notice), 303);
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    const text = (deed.textField && (await formField(c, deed.textField))) ?? '';
    return threadPage(c, world, { message: thrown.message, code: thrown.code, deed: deed.name, text });
  }
}

async function threadPage(
  c: PageContext,
  world: ConsoleWorld,
  refused: (Refusal & { readonly code: PlaybookError['code'] }) | undefined,
): Promise<Response> {
  const id = idOf(c);
  const { person, csrfToken, timeZone } = c.var;
  const view = await loadThreadView(world, { id, path: pathOf(c), person, csrfToken, timeZone, refused });
  if (view === undefined) return notFoundPage(c, world, 'There is no thread of this name. It may have been deleted.');
  const topic = `thread/${id}`;
  const isLive = refused === undefined && queriesOf(topic) !== undefined;
  return show(
    c,
    world,
    {
      title: shownText(view.thread.title, 80),
      section: 'inbox',
      ...(isLive ? { live: topic } : {}),
      main: <ThreadPage view={view} />,
    },
    refused === undefined ? 200 : refused.code === 'rejected' ? 409 : 400,
  );
}

async function payloadFile(c: PageContext, world: ConsoleWorld): Promise<Response> {
  const thread = await loadThread(world.documents, idOf(c));
  if (thread === undefined) return notFoundPage(c, world, 'There is no thread of this name. It may have been deleted.');
  return c.body(JSON.stringify(thread.payload ?? null, undefined, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="payload.json"',
    'x-content-type-options': 'nosniff',
  });
}

function isRefusal(thrown: unknown): thrown is PlaybookError {
  return thrown instanceof PlaybookError && (thrown.code === 'rejected' || thrown.code === 'input_invalid');
}

function actorOf(c: PageContext): { readonly email: string; readonly role: ConsoleEnv['Variables']['person']['role'] } {
  const { email, role } = c.var.person;
  return { email, role };
}

function idOf(c: PageContext): string {
  return c.req.param('id') ?? '';
}

function pathOf(c: PageContext): string {
  return `/inbox/${encodeURIComponent(idOf(c))}`;
}
