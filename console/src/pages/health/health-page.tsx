import type { Page } from '#records/store/query-page.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Head, Panel } from '#console/view/elements/parts.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import type { Part } from '#console/view/frame/part.ts';
import { Problem } from '#console/view/frame/problem.tsx';
import { WINDOWS, WINDOW_WORDS, type HealthWindow } from './health-window.ts';
import { Incidents } from './incidents.tsx';
import { IntegrationRow } from './integration-row.tsx';
import type { IntegrationStatus, KnownIntegration } from '#console/view/records/known-integrations.ts';

/** Every integration by group, the groups with trouble first; incidents below. */
export const HealthPage = ({
  integrations,
  problem,
  incidents,
  window,
  time,
}: {
  integrations: readonly KnownIntegration[];
  problem: Part<unknown>;
  incidents: { readonly open: Page<ListedThread>; readonly recent: Page<ListedThread> };
  window: HealthWindow;
  time: ReaderTime;
}) => (
  <>
    <Head title={headlineOf(integrations)}>{subOf(integrations)}</Head>
    <Problem part={problem} />
    <Tabs
      label="How far back"
      tabs={WINDOWS.map((name) => ({
        name: WINDOW_WORDS[name],
        href: name === '24h' ? '/health' : `/health?window=${name}`,
        current: name === window,
      }))}
    />
    {problem.kind === 'found' && integrations.length === 0 ? (
      <Empty>
        No integration is named yet. Write playbooks/integrations.yaml, run npm run seed, and let a playbook call
        checkIntegrations.
      </Empty>
    ) : null}
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
    <Incidents open={incidents.open} recent={incidents.recent} time={time} />
  </>
);

function headlineOf(integrations: readonly KnownIntegration[]): string {
  const [offline, slow, online] = [
    having(integrations, 'offline'),
    having(integrations, 'degraded'),
    having(integrations, 'online'),
  ];
  if (offline > 0) return `${plural(offline, 'integration')} ${offline === 1 ? 'is' : 'are'} offline`;
  if (slow > 0) return `All answer, ${slow} slowly`;
  if (online === 0) return 'No integration has been checked';
  return online === 1
    ? 'The one integration that is asked answers'
    : `All ${online} integrations that are asked answer`;
}

function subOf(integrations: readonly KnownIntegration[]): string | undefined {
  const [unconfigured, unchecked] = [having(integrations, 'unconfigured'), having(integrations, 'unchecked')];
  const parts = [
    ...(unconfigured > 0 ? [`${plural(unconfigured, 'integration')} without credentials`] : []),
    ...(unchecked > 0 ? [`${unchecked} not checked yet`] : []),
  ];
  return parts.length === 0 ? undefined : `${parts.join(', ')}: in no figures.`;
}

function groupWords(members: readonly KnownIntegration[]): string {
  const asked = members.filter(({ status }) => status !== 'unconfigured' && status !== 'unchecked');
  if (asked.length === 0) return 'not asked';
  const well = asked.length - having(asked, 'offline');
  return well === asked.length ? 'all answer' : `${well} of ${asked.length} answer`;
}

function having(integrations: readonly KnownIntegration[], wanted: IntegrationStatus): number {
  return integrations.filter(({ status }) => status === wanted).length;
}
