import { Hono, type Context } from 'hono';
import { loadSpend } from '#records/figures/spend.ts';
import { lastDays } from '#records/store/utc-periods.ts';
import { allow } from '#console/access/allow.ts';
import { show } from '#console/view/frame/frame.tsx';
import { attachment } from '#console/view/records/attachment.ts';
import { playbookNames } from '#console/view/records/playbook-names.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { loadSpendView } from './load-spend-view.ts';
import { spendCsv } from './spend-csv.ts';
import { SpendPage } from './spend-page.tsx';
import { wishOf } from './spend-wish.ts';

/** What else the page reads leaves these of the 60 documents that it may read. */
const NAMES_BUDGET = 20;

/** `/spend`: what language models cost, also as a file. Reads at most 53 documents besides those of the frame. */
export function spendPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const namesWithin = playbookNames(world.documents, world.clock);
  return new Hono<ConsoleEnv>()
    .get('/spend', async (c) => {
      const wish = wishOf(c.req.query());
      const [loaded, names] = await Promise.all([loadSpendView(world, wish), namesWithin(NAMES_BUDGET)]);
      const view = { ...loaded, playbookNames: new Map(names.map(({ id, name }) => [id, name])) };
      return show(c, world, { title: 'Spend', section: 'spend', main: <SpendPage view={view} /> });
    })
    .get('/spend.csv', allow('export'), (c) => spendFile(c, world));
}

async function spendFile(c: Context<ConsoleEnv>, world: ConsoleWorld): Promise<Response> {
  const { days } = wishOf(c.req.query());
  const now = world.clock.now();
  const csv = spendCsv(await loadSpend(world.documents, lastDays(now, days)));
  return c.body(csv, 200, attachment(`spend-${now.toISOString().slice(0, 10)}-${days}d.csv`, 'text/csv'));
}
