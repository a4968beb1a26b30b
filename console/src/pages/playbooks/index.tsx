import { Hono } from 'hono';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { loadPlaybooks } from './load-playbooks.ts';
import { PlaybookList } from './playbook-list.tsx';

/** `/playbooks`: every playbook, page by page. Reads at most 58 documents beside those of the frame. */
export function playbooksPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>().get('/playbooks', async (c) => {
    const after = c.req.query('after');
    const page = await loadPlaybooks(world.documents, after);
    const time = { now: world.clock.now(), timeZone: c.var.timeZone };
    return show(c, world, {
      title: 'Playbooks',
      section: 'playbooks',
      live: 'playbooks',
      main: <PlaybookList page={page} after={after} time={time} />,
    });
  });
}
