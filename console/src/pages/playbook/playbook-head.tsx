import type { Child } from 'hono/jsx';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { Head } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { StateBadge, stateOf } from '#console/view/records/playbook-state.tsx';

/** The head of the pages of one playbook: its name, how it stands, what can be done, and the way between the pages. */
export const PlaybookHead = ({
  record,
  time,
  tab,
  actions,
}: {
  record: PlaybookRecord;
  time: ReaderTime;
  tab: 'overview' | 'definition';
  actions?: Child;
}) => (
  <>
    <Head title={<Text value={record.name} max={200} />} {...(actions !== undefined && { actions })}>
      <span class="row">
        <StateBadge state={stateOf(record, time.now)} />
        <code>
          <Text value={record.id} max={100} />
        </code>
      </span>
    </Head>
    <Tabs
      label={`Pages of ${shownText(record.name, 60)}`}
      tabs={[
        { name: 'Overview', href: playbookHref(record.id), current: tab === 'overview' },
        { name: 'Definition', href: playbookHref(record.id, '/definition'), current: tab === 'definition' },
      ]}
    />
  </>
);
