import { Hono } from 'hono';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { playbookNames } from '#console/view/records/playbook-names.ts';
import { seededPeople } from '#console/view/records/seeded-people.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { InboxPage } from './inbox-page.tsx';
import { InboxWish } from './inbox-wish.ts';
import { loadInbox } from './load-inbox.ts';

/** What the rows of the page leave of the 60 documents that a page may read. */
const NAMES_BUDGET = 30;

/** `/inbox`: approvals, incidents, reviews and notes. Reads at most 57 documents besides those of the frame. */
export function inboxPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const namesWithin = playbookNames(world.documents, world.clock);
  return new Hono<ConsoleEnv>().get('/inbox', async (c) => {
    const wish = InboxWish.parse(c.req.query());
    const now = world.clock.now();
    const [page, { roles }, playbooks] = await Promise.all([
      loadInbox(world, wish, now),
      seededPeople(world),
      namesWithin(NAMES_BUDGET),
    ]);
    const view = { wish, page, playbooks, roles: Object.keys(roles), time: { now, timeZone: c.var.timeZone } };
    return show(c, world, { title: 'Inbox', section: 'inbox', live: 'inbox', main: <InboxPage view={view} /> });
  });
}
