import { Hono } from 'hono';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { playbookNames } from '#console/view/records/playbook-names.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { HealthPage } from './health-page.tsx';
import { windowOf } from './health-window.ts';
import { loadHealth } from './load-health.ts';

/** What else the page reads leaves these of the 60 documents that it may read. */
const NAMES_BUDGET = 30;

/** `/health`: how every integration is and was, and the incidents. Reads at most 54 documents besides those of the frame. */
export function healthPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const namesWithin = playbookNames(world.documents, world.clock);
  return new Hono<ConsoleEnv>().get('/health', async (c) => {
    const time = { now: world.clock.now(), timeZone: c.var.timeZone };
    const [loaded, playbooks] = await Promise.all([loadHealth(world, time.now), namesWithin(NAMES_BUDGET)]);
    const view = { ...loaded, playbooks, window: windowOf(c.req.query('window')), time };
    return show(c, world, { title: 'Health', section: 'health', live: 'health', main: <HealthPage view={view} /> });
  });
}
