import type { Child } from 'hono/jsx';
import { Facts, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { Time, zoneWords } from '#console/view/elements/time.tsx';
import { executionHref, stepHref } from '#console/view/records/execution-href.ts';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import type { ThreadView } from './thread-view.ts';

/** Who a thread is for, where it comes from, and how it was closed. */
export const AboutPanel = ({ view }: { view: ThreadView }) => {
  const { closed } = view.thread;
  return (
    <Panel title="About" id="about">
      <Facts facts={factsOf(view)} />
      {closed === null ? null : (
        <p>
          Closed by <Text value={closed.by} max={80} /> <Time at={closed.at} {...view.time} />:{' '}
          <span class="said">{visible(closed.reason)}</span>
        </p>
      )}
    </Panel>
  );
};

function factsOf({ thread, time, id }: ThreadView): readonly (readonly [string, Child | undefined])[] {
  const { assigneeAddresses, deadlineAt } = thread;
  const { executionId, stepPath, playbookId } = thread.evidence;
  return [
    ['Assignees', assigneeAddresses.length === 0 ? undefined : <Addresses of={assigneeAddresses} />],
    [
      `Deadline (${zoneWords(time.timeZone)})`,
      deadlineAt === null ? undefined : <Time at={deadlineAt} {...time} absolute />,
    ],
    ['Step', <Linked href={stepHref(executionId, stepPath)} name={stepPath} />],
    ['Execution', <Linked href={executionHref(executionId)} name={executionId} />],
    ['Playbook', <Linked href={playbookHref(playbookId)} name={playbookId} />],
    ['Activity', <Linked href={`/audit?target=${encodeURIComponent(id)}`} name="Audit log" />],
  ];
}

const Linked = ({ href, name }: { href: string; name: string }) => (
  <a href={href}>
    <Text value={name} max={80} />
  </a>
);

const Addresses = ({ of }: { of: readonly string[] }) => (
  <>
    {of.slice(0, 10).map((address, index) => (
      <>
        {index === 0 ? '' : ', '}
        <Text value={address} max={80} />
      </>
    ))}
    {of.length > 10 ? ` and ${of.length - 10} more` : ''}
  </>
);
