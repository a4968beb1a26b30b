import { loadIntegrationHealth } from '#records/health/integration-health.ts';
import { loadSpend } from '#records/figures/spend.ts';
import { controlAt, loadControl } from '#records/settings/control.ts';
import { lastDays } from '#records/store/utc-periods.ts';
import { found, partOf } from '#console/view/frame/part.ts';
import { knownIntegrations } from '#console/view/records/known-integrations.ts';
import { totalOf } from '#console/view/records/spend-sum.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { mapped } from './mapped-part.ts';
import type { NowView } from './now-view.ts';

/** The integrations, the spend of today and the control of all playbooks, in five documents. Throws `unavailable`. */
export async function loadSurroundings(
  { documents, settings }: ConsoleWorld,
  now: Date,
): Promise<Pick<NowView, 'integrations' | 'today' | 'perDayUsd' | 'control'>> {
  const [integrations, spend, models, control] = await Promise.all([
    partOf(Promise.all([settings.integrations(), loadIntegrationHealth(documents, now)])),
    partOf(loadSpend(documents, lastDays(now, 1))),
    partOf(settings.models()),
    partOf(loadControl(documents)),
  ]);
  return {
    integrations: mapped(integrations, ([{ integrations: all }, health]) => knownIntegrations(all, health)),
    today: mapped(spend, totalOf),
    perDayUsd: found(models)?.budget?.perDayUsd,
    control: mapped(control, (stored) => controlAt(stored, now)),
  };
}
