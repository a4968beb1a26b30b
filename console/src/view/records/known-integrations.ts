import { type Integration, secretNamesIn } from '#language/settings/integrations.ts';
import type { IntegrationHealth } from '#records/health/integration-health.ts';
import type { Tone } from '../elements/status.tsx';

/** How an integration is. `unchecked`: nobody has asked it yet. */
export type IntegrationStatus = 'offline' | 'degraded' | 'unconfigured' | 'unchecked' | 'online';

/** One of the integrations of `integrations.yaml`, and what is remembered of it. */
export interface KnownIntegration {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly kind: Integration['kind'];
  /** The names of the secrets that it needs. */
  readonly secrets: readonly string[];
  readonly status: IntegrationStatus;
  readonly health: IntegrationHealth | undefined;
}

/** How a status looks, and the word for it. */
export const INTEGRATION_STATUS: Readonly<
  Record<IntegrationStatus, { readonly tone: Tone; readonly sign: string; readonly word: string }>
> = {
  offline: { tone: 'alert', sign: '✕', word: 'offline' },
  degraded: { tone: 'warn', sign: '!', word: 'slow' },
  unconfigured: { tone: 'unknown', sign: '–', word: 'not configured' },
  unchecked: { tone: 'unknown', sign: '?', word: 'not checked yet' },
  online: { tone: 'ok', sign: '✓', word: 'online' },
};

const WORST_FIRST: readonly IntegrationStatus[] = ['offline', 'degraded', 'online', 'unchecked', 'unconfigured'];

/** Every integration there is, the worst first, then by name. What is remembered of others is left out. */
export function knownIntegrations(
  integrations: readonly Integration[],
  health: ReadonlyMap<string, IntegrationHealth>,
): readonly KnownIntegration[] {
  return integrations
    .map(({ id, name, group, kind, headers }) => {
      const known = health.get(id);
      return { id, name, group, kind, secrets: secretNamesIn(headers), status: statusOf(known), health: known };
    })
    .toSorted((a, b) => rank(a.status) - rank(b.status) || a.name.localeCompare(b.name, 'en'));
}

function statusOf(health: IntegrationHealth | undefined): IntegrationStatus {
  if (health === undefined) return 'unchecked';
  // What was remembered first did not say it in a word.
  return health.lastStatus ?? (health.consecutiveFailures > 0 ? 'offline' : 'online');
}

function rank(status: IntegrationStatus): number {
  return WORST_FIRST.indexOf(status);
}
