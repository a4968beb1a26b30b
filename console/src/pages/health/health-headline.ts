import { plural } from '#console/view/elements/figures.tsx';
import type { IntegrationStatus, KnownIntegration } from '#console/view/records/known-integrations.ts';

/** How the integrations are, in one line. */
export function healthHeadline(integrations: readonly KnownIntegration[]): string {
  const [offline, slow, online] = [
    having(integrations, 'offline'),
    having(integrations, 'degraded'),
    having(integrations, 'online'),
  ];
  if (offline > 0) return `${plural(offline, 'integration')} ${offline === 1 ? 'is' : 'are'} offline`;
  if (slow > 0) return `All integrations are up, ${slow} ${slow === 1 ? 'is' : 'are'} slow`;
  if (online === 0) return 'No integrations checked yet';
  return online === 1 ? 'The monitored integration is up' : `All ${online} integrations are up`;
}

/** Which integrations the headline does not count; undefined where it counts them all. */
export function notCounted(integrations: readonly KnownIntegration[]): string | undefined {
  const [unconfigured, unchecked] = [having(integrations, 'unconfigured'), having(integrations, 'unchecked')];
  const parts = [
    ...(unconfigured > 0 ? [`${plural(unconfigured, 'integration')} without credentials`] : []),
    ...(unchecked > 0 ? [`${unchecked} not checked yet`] : []),
  ];
  return parts.length === 0 ? undefined : `Not counted: ${parts.join(', ')}.`;
}

/** How many of a group are up. */
export function groupWords(members: readonly KnownIntegration[]): string {
  const monitored = members.filter(({ status }) => status !== 'unconfigured' && status !== 'unchecked');
  if (monitored.length === 0) return 'not monitored';
  const up = monitored.length - having(monitored, 'offline');
  return up === monitored.length ? 'all up' : `${up} of ${monitored.length} up`;
}

function having(integrations: readonly KnownIntegration[], wanted: IntegrationStatus): number {
  return integrations.filter(({ status }) => status === wanted).length;
}
