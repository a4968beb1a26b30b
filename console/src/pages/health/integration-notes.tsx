import { checkIntegrations } from '#tools/integrations/check-integrations.ts';
import { getSystemHealth } from '#tools/operations/get-system-health.ts';
import type { Child } from 'hono/jsx';
import type { IntegrationHealth } from '#records/health/integration-health.ts';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import type { KnownIntegration } from '#console/view/records/known-integrations.ts';

const HOUR_MS = 3_600_000;

/** What is wrong with an integration, what it needs, and how old the news is. Nothing for one that just answered. */
export const IntegrationNotes = ({ integration, time }: { integration: KnownIntegration; time: ReaderTime }) => {
  const { status, kind, health } = integration;
  if (health === undefined) {
    const tool = kind === 'core' ? getSystemHealth.name : checkIntegrations.name;
    return <p class="small muted">Checked when a playbook calls {tool}.</p>;
  }
  if (status === 'unconfigured') return <Missing integration={integration} health={health} />;
  const ages = agesOf(integration, health, time);
  return (
    <>
      {status === 'offline' ? <Outage health={health} /> : null}
      {ages.length === 0 ? null : (
        <p class="small muted">{ages.map((age, index) => [index === 0 ? null : ' · ', age])}</p>
      )}
    </>
  );
};

const Missing = ({
  integration: { secrets },
  health,
}: {
  integration: KnownIntegration;
  health: IntegrationHealth;
}) => (
  <p class="small muted">
    {health.lastProblem === null ? (
      `Needs ${secretWords(secrets)}.`
    ) : (
      <Text value={health.lastProblem.error} max={300} />
    )}{' '}
    Set {secrets.length === 1 ? 'it' : 'them'} with npm run secrets.
  </p>
);

const Outage = ({ health: { consecutiveFailures, lastProblem } }: { health: IntegrationHealth }) => (
  <p class="small tone-alert">
    {consecutiveFailures === 1 ? 'The last check failed' : `The last ${consecutiveFailures} checks failed`}
    {lastProblem === null ? null : (
      <>
        : <Text value={lastProblem.error} max={300} />
      </>
    )}
  </p>
);

function agesOf({ status }: KnownIntegration, health: IntegrationHealth, time: ReaderTime): readonly Child[] {
  const { lastSuccessAt, lastCheckedAt, lastProblem } = health;
  const isCurrent = lastSuccessAt?.getTime() === lastCheckedAt.getTime();
  const isOld = time.now.getTime() - lastCheckedAt.getTime() >= HOUR_MS;
  return [
    ...(lastSuccessAt === null ? ['Never answered correctly'] : []),
    ...(lastSuccessAt !== null && (isOld || !isCurrent) ? [<Age name="Last OK" at={lastSuccessAt} time={time} />] : []),
    ...(isCurrent ? [] : [<Age name="Checked" at={lastCheckedAt} time={time} />]),
    ...(status === 'offline' || lastProblem === null
      ? []
      : [<Age name="Last failure" at={lastProblem.at} why={lastProblem.error} time={time} />]),
  ];
}

const Age = ({ name, at, why, time }: { name: string; at: Date; why?: string; time: ReaderTime }) => (
  <span title={why === undefined ? undefined : shownText(why, 300)}>
    {name} <Time at={at} {...time} />
  </span>
);

function secretWords(names: readonly string[]): string {
  if (names.length === 0) return 'credentials';
  return `the ${names.length === 1 ? 'secret' : 'secrets'} ${names.join(' and ')}`;
}
