import { loadIntegrationHealth } from '#records/health/integration-health.ts';
import { listThreads } from '#records/threads/thread-queries.ts';
import { partOf } from '#console/view/frame/part.ts';
import { knownIntegrations } from '#console/view/records/known-integrations.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import type { HealthView } from './health-view.ts';

const INCIDENTS = 10;

/** The integrations and the incidents, in at most 24 documents. Throws `unavailable`. */
export async function loadHealth(
  { documents, settings }: ConsoleWorld,
  now: Date,
): Promise<Omit<HealthView, 'playbooks' | 'window' | 'time'>> {
  const [listed, openIncidents, recentIncidents] = await Promise.all([
    partOf(Promise.all([settings.integrations(), loadIntegrationHealth(documents, now)])),
    listThreads(documents, { kind: 'incident', state: 'open' }, { limit: INCIDENTS }),
    listThreads(documents, { kind: 'incident' }, { limit: INCIDENTS }),
  ]);
  const integrations = listed.kind === 'found' ? knownIntegrations(listed.value[0].integrations, listed.value[1]) : [];
  return { integrations, problem: listed, openIncidents, recentIncidents };
}
