import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { latencyWords } from '#console/view/elements/figure-words.ts';
import { INTEGRATION_STATUS, type KnownIntegration } from '#console/view/records/known-integrations.ts';
import type { Part } from '#console/view/frame/part.ts';
import { Problem } from '#console/view/frame/problem.tsx';

const SHOWN = 24;

/** The integrations at a glance, the worst first; those without credentials only counted. */
export const IntegrationsPanel = ({ part }: { part: Part<readonly KnownIntegration[]> }) => {
  const all = part.kind === 'found' ? part.value : [];
  const asked = all.filter(({ status }) => status !== 'unconfigured');
  const unconfigured = all.length - asked.length;
  return (
    <Panel title="Integrations" id="integrations" aside={<a href="/health">Health →</a>}>
      <Problem part={part} />
      {part.kind === 'found' && all.length === 0 ? (
        <Empty>No integrations in playbooks/integrations.yaml.</Empty>
      ) : null}
      <ul class="dots">
        {asked.slice(0, SHOWN).map((integration) => (
          <Dot integration={integration} />
        ))}
      </ul>
      {asked.length > SHOWN ? <p class="small muted">and {asked.length - SHOWN} more</p> : null}
      {unconfigured === 0 ? null : (
        <p class="small muted">{`${plural(unconfigured, 'integration')} without credentials ${unconfigured === 1 ? 'is' : 'are'} not monitored.`}</p>
      )}
    </Panel>
  );
};

const Dot = ({ integration: { id, name, status, health } }: { integration: KnownIntegration }) => {
  const { tone, sign, word } = INTEGRATION_STATUS[status];
  const isUp = status === 'online' || status === 'degraded';
  return (
    <li id={`dot-${id}`}>
      <a href={`/health#integration-${id}`} title={word}>
        <span class={`dot ${tone}`} aria-hidden="true">
          {sign}
        </span>
        <span class="grow">
          <Text value={name} max={40} />
        </span>
        <span class="small muted figure nowrap">
          {isUp ? <span class="unseen">{word}, </span> : word}
          {isUp ? latencyWords(health?.lastLatencyMs ?? null) : null}
        </span>
      </a>
    </li>
  );
};
