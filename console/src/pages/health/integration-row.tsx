import { latencyWords } from '#console/view/elements/figure-words.ts';
import { Badge } from '#console/view/elements/status.tsx';
import { Text } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { INTEGRATION_STATUS, type KnownIntegration } from '#console/view/records/known-integrations.ts';
import type { HealthWindow } from './health-window.ts';
import { IntegrationNotes } from './integration-notes.tsx';
import { IntegrationPast } from './integration-past.tsx';

interface RowProps {
  readonly integration: KnownIntegration;
  readonly window: HealthWindow;
  readonly time: ReaderTime;
}

/** How one integration is and was: status, latency, uptime, and what is wrong. */
export const IntegrationRow = ({ integration, window, time }: RowProps) => {
  const { id, name, health } = integration;
  return (
    <li id={`integration-${id}`} class="probe">
      <Head integration={integration} />
      {health === undefined || health.past.month.checks === 0 ? null : (
        <IntegrationPast name={name} health={health} window={window} timeZone={time.timeZone} />
      )}
      <IntegrationNotes integration={integration} time={time} />
    </li>
  );
};

const Head = ({ integration: { name, status, health } }: { integration: KnownIntegration }) => {
  const { tone, sign, word } = INTEGRATION_STATUS[status];
  return (
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
  );
};
