import { Hono, type Context } from 'hono';
import { PlaybookError } from '#core/failure.ts';
import { loadThread } from '#records/threads/threads.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { formField } from '#console/access/form-field.ts';
import { queriesOf } from '#console/live/topics.ts';
import { show } from '#console/view/frame/frame.tsx';
import { withNotice } from '#console/view/frame/notices.ts';
import { shownText } from '#console/view/elements/text.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { deedsOf, type Deed } from './deeds.ts';
import { loadThreadView } from './load-thread-view.ts';
import { modifyRoutes } from './modify.tsx';
import { ThreadPage } from './thread-page.tsx';
import type { Refusal } from './thread-view.ts';

type PageContext = Context<ConsoleEnv>;

/** `/inbox/{id}`: one thread, and what people do about it. Reads at most 52 documents beside those of the frame. */
export function threadPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/inbox/:id', (c) => threadPage(c, world, undefined));
  app.get('/inbox/:id/payload.json', allow('export'), (c) => payloadFile(c, world));
  app.route('/', modifyRoutes(world));
  for (const deed of deedsOf(world)) {
    app.post(`/inbox/:id/${deed.name}`, allow(deed.action), (c) => doIt(c, world, deed));
    // Reloading the page of a refused form leads to the thread, and does nothing.
    app.get(`/inbox/:id/${deed.name}`, (c) => c.redirect(pathOf(c), 303));
  }
  return app;
}

/** Does it and shows the thread. A refusal is shown on the current thread, with what the person wrote. */
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
  if (view === undefined) return notFoundPage(c, world, 'No thread has this ID. It may have been deleted.');
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
  if (thread === undefined) return notFoundPage(c, world, 'No thread has this ID. It may have been deleted.');
  return c.body(JSON.stringify(thread.payload ?? null, undefined, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="payload.json"',
    'x-content-type-options': 'nosniff',
  });
}

function isRefusal(thrown: unknown): thrown is PlaybookError {
  return thrown instanceof PlaybookError && (thrown.code === 'rejected' || thrown.code === 'input_invalid');
}

function idOf(c: PageContext): string {
  return c.req.param('id') ?? '';
}

function pathOf(c: PageContext): string {
  return `/inbox/${encodeURIComponent(idOf(c))}`;
}
