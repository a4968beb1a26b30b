import { Hono, type Context } from 'hono';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { queriesOf } from '#console/live/topics.ts';
import { show } from '#console/view/frame/frame.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { shownText } from '#console/view/elements/text.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { definitionRoutes } from './definition-routes.tsx';
import { loadPlaybookView } from './load-playbook-view.ts';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { PlaybookPage } from './playbook-page.tsx';
import type { SwitchRefusal } from './playbook-view.ts';
import { runRoutes } from './run-routes.tsx';
import { switchRoutes } from './switch-routes.ts';

/** `/playbooks/{id}` and what lies below it. The overview reads at most 35 documents beside those of the frame. */
export function playbookPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/playbooks/:id', async (c) => {
    const version = c.req.query('version');
    if (version === undefined) return overview(c, world, undefined);
    return c.redirect(hrefOf(playbookHref(c.req.param('id'), '/definition'), { version }), 302);
  });
  app.route('/', definitionRoutes(world));
  app.route('/', runRoutes(world));
  app.route(
    '/',
    switchRoutes(world, (c, refused) => overview(c, world, refused)),
  );
  return app;
}

async function overview(
  c: Context<ConsoleEnv>,
  world: ConsoleWorld,
  refused: SwitchRefusal | undefined,
): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const { person, csrfToken, timeZone } = c.var;
  const request = { id, person, csrfToken, time: { now: world.clock.now(), timeZone } };
  const view = await loadPlaybookView(world.documents, request, refused);
  if (view === undefined) return notFoundPage(c, world, `There is no playbook ${shownText(id, 100)} in the database.`);
  const topic = `playbook/${id}`;
  const isLive = refused === undefined && queriesOf(topic) !== undefined;
  return show(
    c,
    world,
    {
      title: shownText(view.record.name, 80),
      section: 'playbooks',
      ...(isLive && { live: topic }),
      main: <PlaybookPage view={view} />,
    },
    refused === undefined ? 200 : 400,
  );
}
