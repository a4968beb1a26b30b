import { Hono } from 'hono';
import type { ConsoleEnv } from '../access/console-env.ts';
import { show } from '../view/frame.tsx';
import type { ConsoleWorld } from '../world.ts';
import { loadPlaybooks } from './playbooks/load-playbooks.ts';
import { PlaybookList } from './playbooks/playbook-list.tsx';

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
