import { Hono } from 'hono';
import type { Context } from 'hono';
import { DAY_MS } from '#core/duration.ts';
import { listExecutions } from '#records/executions/list-executions.ts';
import { loadSpend } from '#records/figures/spend.ts';
import { lastDays } from '#records/store/utc-periods.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { attachment } from '#console/view/records/attachment.ts';
import { found, partOf } from '#console/view/frame/part.ts';
import { spendCsv } from './spend-csv.ts';
import { SpendPage } from './spend-page.tsx';
import { wishOf, type SpendWish } from './spend-wish.ts';

/** `/spend`: what the language models took, and the same as a file. Reads at most 33 documents beside that of the frame. */
export function spendPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .get('/spend', (c) => spendPage(c, world))
    .get('/spend.csv', allow('export'), (c) => spendFile(c, world));
}

async function spendPage(c: Context<ConsoleEnv>, world: ConsoleWorld): Promise<Response> {
  const wish = wishOf(c.req.query());
  const [loaded, models, simulated] = await Promise.all([
    load(world, wish),
    partOf(world.settings.models()),
    partOf(isSimulated(world, wish)),
  ]);
  return show(c, world, {
    title: 'Spend',
    section: 'spend',
    main: (
      <SpendPage
        {...loaded}
        wish={wish}
        perDayUsd={found(models)?.budget?.perDayUsd}
        simulated={found(simulated) ?? false}
      />
    ),
  });
}

/** Whether some of it was spent in the simulated past of the demo company, and so by nobody. */
async function isSimulated({ documents, clock }: ConsoleWorld, { days }: SpendWish): Promise<boolean> {
  const from = new Date(clock.now().getTime() - days * DAY_MS);
  const { executions } = await listExecutions(documents, { label: 'simulated=history', from }, { limit: 1 });
  return executions.length > 0;
}

/** A week is compared with the one before it; a month would have to read as many documents again. */
async function load({ documents, clock }: ConsoleWorld, { days }: SpendWish) {
  const isCompared = days === 7;
  const all = await loadSpend(documents, lastDays(clock.now(), isCompared ? 2 * days : days));
  return { days: all.slice(-days), before: isCompared ? all.slice(0, -days) : undefined };
}

async function spendFile(c: Context<ConsoleEnv>, world: ConsoleWorld): Promise<Response> {
  const { days } = wishOf(c.req.query());
  const now = world.clock.now();
  const csv = spendCsv(await loadSpend(world.documents, lastDays(now, days)));
  return c.body(csv, 200, attachment(`spend-${now.toISOString().slice(0, 10)}-${days}d.csv`, 'text/csv'));
}
