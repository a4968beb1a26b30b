import { DAY_MS } from '#core/duration.ts';
import { listExecutions } from '#records/executions/list-executions.ts';
import { loadSpend } from '#records/figures/spend.ts';
import { lastDays } from '#records/store/utc-periods.ts';
import { found, partOf } from '#console/view/frame/part.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import type { SpendView } from './spend-view.ts';
import type { SpendWish } from './spend-wish.ts';

/** The spend of a wish, in at most 33 documents. Throws `unavailable`. */
export async function loadSpendView(world: ConsoleWorld, wish: SpendWish): Promise<Omit<SpendView, 'playbookNames'>> {
  const [days, models, simulated] = await Promise.all([
    loadDays(world, wish),
    partOf(world.settings.models()),
    partOf(hasSimulatedPart(world, wish)),
  ]);
  return { ...days, wish, perDayUsd: found(models)?.budget?.perDayUsd, isSimulated: found(simulated) ?? false };
}

/** A week is compared with the one before; a month would have to read as many documents again. */
async function loadDays({ documents, clock }: ConsoleWorld, { days }: SpendWish) {
  const isCompared = days === 7;
  const all = await loadSpend(documents, lastDays(clock.now(), isCompared ? 2 * days : days));
  return { days: all.slice(-days), before: isCompared ? all.slice(0, -days) : undefined };
}

/** Whether some of it was spent in the simulated past of the demo company, and so by nobody. */
async function hasSimulatedPart({ documents, clock }: ConsoleWorld, { days }: SpendWish): Promise<boolean> {
  const from = new Date(clock.now().getTime() - days * DAY_MS);
  const { executions } = await listExecutions(documents, { label: 'simulated=history', from }, { limit: 1 });
  return executions.length > 0;
}
