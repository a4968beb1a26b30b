import { Hono } from 'hono';
import { show } from '#console/view/frame/frame.tsx';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { loadNow } from './load-now.ts';
import { NowPage } from './now-page.tsx';

/** `/`: how things are at this moment. Reads at most 59 documents besides those of the frame. */
export function nowPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>().get('/', async (c) => {
    const { person, csrfToken, timeZone } = c.var;
    const time = { now: world.clock.now(), timeZone };
    const view = await loadNow(world, time.now);
    const main = (
      <NowPage view={view} stepTypes={world.catalog.stepTypes} time={time} person={person} csrfToken={csrfToken} />
    );
    return show(c, world, { title: 'Now', section: 'now', live: 'now', main });
  });
}
