import { checkIntegrations } from '#tools/integrations/check-integrations.ts';
import { getSystemHealth } from '#tools/operations/get-system-health.ts';
import type { IntegrationHealth } from '#records/health/integration-health.ts';
import { Strip } from '#console/view/elements/charts.tsx';
import { percent, plural } from '#console/view/elements/figures.tsx';
import { Badge } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { latencyWords } from '#console/view/elements/figure-words.ts';
import { figuresOf, pointsOf, pointWords, toneOf, WINDOW_WORDS, type HealthWindow } from './health-window.ts';
import { INTEGRATION_STATUS, type KnownIntegration } from '#console/view/records/known-integrations.ts';

/** How one integration is and was: state, latency, uptime, and what is wrong. */
export const IntegrationRow = ({
  integration,
  window,
  time,
}: {
  integration: KnownIntegration;
  window: HealthWindow;
  time: ReaderTime;
}) => {
  const { id, name, status, health } = integration;
  const { tone, sign, word } = INTEGRATION_STATUS[status];
  const wasMeasured = health !== undefined && health.past.month.checks > 0;
  return (
    <li id={`integration-${id}`} class="probe">
      <div class="probe-head">
        <h3>
          <Text value={name} max={80} />
        </h3>
        {status === 'online' || status === 'degraded' ? (
          <span class="figure muted">{latencyWords(health?.lastLatencyMs ?? null)}</span>
        ) : null}
        <Badge tone={tone} sign={sign}>
          {word}
        </Badge>
      </div>
      {wasMeasured ? <Past name={name} health={health} window={window} time={time} /> : null}
      <Words integration={integration} time={time} />
    </li>
  );
};

const Past = ({
  name,
  health,
  window,
  time,
}: {
  name: string;
  health: IntegrationHealth;
  window: HealthWindow;
  time: ReaderTime;
}) => {
  const { uptime, meanMs, worstMs } = figuresOf(health, window);
  return (
    <>
      <Strip
        cells={pointsOf(health, window).map((point) => ({
          tone: toneOf(point),
          title: pointWords(point, time.timeZone),
        }))}
        label={`${shownText(name, 60)}, the last ${WINDOW_WORDS[window]}: ${uptimeWords(uptime)}`}
      />
      <dl class="probe-figures">
        <Figure name="24 h">{percent(health.past.day.uptime)}</Figure>
        <Figure name="7 d">{percent(health.past.week.uptime)}</Figure>
        <Figure name="30 d">{percent(health.past.month.uptime)}</Figure>
        <Figure name="mean">{latencyWords(meanMs)}</Figure>
        <Figure name="worst">{latencyWords(worstMs)}</Figure>
      </dl>
    </>
  );
};

const Figure = ({ name, children }: { name: string; children: string }) => (
  <div>
    <dt>{name}</dt>
    <dd class="figure">{children}</dd>
  </div>
);

/** What is wrong where something is, and how old all this is. */
const Words = ({
  integration: { status, secrets, kind, health },
  time,
}: {
  integration: KnownIntegration;
  time: ReaderTime;
}) => {
  if (health === undefined) {
    const by = kind === 'core' ? getSystemHealth.name : checkIntegrations.name;
    return <p class="small muted">It is asked when a playbook calls {by}.</p>;
  }
  if (status === 'unconfigured') {
    return (
      <p class="small muted">
        {health.lastProblem === null ? (
          `It needs ${secretWords(secrets)}.`
        ) : (
          <Text value={health.lastProblem.error} max={300} />
        )}{' '}
        Set it with npm run secrets.
      </p>
    );
  }
  return (
    <>
      {status === 'offline' ? (
        <p class="small tone-alert">
          {plural(health.consecutiveFailures, 'check')} failed in a row
          {health.lastProblem === null ? null : (
            <>
              : <Text value={health.lastProblem.error} max={300} />
            </>
          )}
        </p>
      ) : null}
      <p class="small muted">
        {health.lastSuccessAt === null ? (
          'It never answered as it must'
        ) : (
          <>
            Last success <Time at={health.lastSuccessAt} {...time} />
          </>
        )}
        {health.lastSuccessAt?.getTime() === health.lastCheckedAt.getTime() ? null : (
          <>
            , asked <Time at={health.lastCheckedAt} {...time} />
          </>
        )}
        {status === 'offline' || health.lastProblem === null ? null : (
          <>
            , last trouble{' '}
            <span title={shownText(health.lastProblem.error, 300)}>
              <Time at={health.lastProblem.at} {...time} />
            </span>
          </>
        )}
      </p>
    </>
  );
};

function secretWords(names: readonly string[]): string {
  return names.length === 0 ? 'credentials' : `the secret ${names.join(' and ')}`;
}

function uptimeWords(uptime: number | null): string {
  return uptime === null ? 'not checked' : `${percent(uptime)} of the checks were answered`;
}
