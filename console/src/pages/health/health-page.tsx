import { Empty, Head, Panel } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import { Problem } from '#console/view/frame/problem.tsx';
import { groupWords, healthHeadline, notCounted } from './health-headline.ts';
import type { HealthView } from './health-view.ts';
import { WINDOWS, WINDOW_WORDS, type HealthWindow } from './health-window.ts';
import { Incidents } from './incidents.tsx';
import { IntegrationRow } from './integration-row.tsx';

/** Every integration by group, the groups with trouble first; incidents below. */
export const HealthPage = ({ view }: { view: HealthView }) => {
  const { integrations, problem, window } = view;
  return (
    <>
      <Head title={healthHeadline(integrations)}>{notCounted(integrations)}</Head>
      <Problem part={problem} />
      <Range window={window} />
      {problem.kind === 'found' && integrations.length === 0 ? (
        <Empty>
          No integrations yet. Add playbooks/integrations.yaml, run npm run seed, then run a playbook that calls
          checkIntegrations.
        </Empty>
      ) : null}
      <Groups view={view} />
      <Incidents view={view} />
    </>
  );
};

const Range = ({ window }: { window: HealthWindow }) => (
  <Tabs
    label="Time range"
    tabs={WINDOWS.map((name) => ({
      name: WINDOW_WORDS[name],
      href: name === '24h' ? '/health' : `/health?window=${name}`,
      current: name === window,
    }))}
  />
);

const Groups = ({ view: { integrations, window, time } }: { view: HealthView }) => (
  <div class="groups">
    {[...Map.groupBy(integrations, ({ group }) => group)].map(([group, members]) => (
      <Panel title={shownText(group, 60)} aside={groupWords(members)}>
        <ul class="probes">
          {members.map((integration) => (
            <IntegrationRow integration={integration} window={window} time={time} />
          ))}
        </ul>
      </Panel>
    ))}
  </div>
);
