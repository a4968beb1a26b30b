import { cut } from '#core/cut.ts';
import { Markdown } from '#console/view/elements/markdown.tsx';
import { CsrfField, Disclosure, Facts, Head, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { KindBadge, ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { executionHref, stepHref } from '#console/view/records/execution-href.ts';
import { Changes } from './changes.tsx';
import { ConversationPanel } from './conversation.tsx';
import { Decision, ForRole } from './decision.tsx';
import { Payload } from './payload.tsx';
import type { ThreadView } from './thread-view.ts';

/** One thread: what it says, what would go out, what people make of it. */
export const ThreadPage = ({ view }: { view: ThreadView }) => {
  const { thread, state, refused, time } = view;
  return (
    <>
      <Head title={<Text value={thread.title} max={240} />} actions={<Actions view={view} />}>
        <span class="row">
          <KindBadge kind={thread.kind} />
          <ThreadStateBadge state={state.state} />
          <span>
            opened <Time at={thread.createdAt} {...time} />, assigned to{' '}
            <strong>
              <Text value={thread.assignee} max={64} />
            </strong>
          </span>
        </span>
      </Head>
      {refused === undefined ? null : (
        <p class="problem" role="alert">
          <strong>Nothing was changed.</strong> {visible(cut(refused.message, 1_000))} This page shows how it is now.
        </p>
      )}
      {state.final ? <Decision view={view} /> : null}
      <div class="grid wide-first">
        <div class="stack">
          <Panel title="What it says" id="body">
            {thread.body.trim() === '' ? <p class="muted">The title says it all.</p> : <Markdown text={thread.body} />}
          </Panel>
          <Payload view={view} />
          <Changes view={view} />
        </div>
        <div class="stack">
          <About view={view} />
          <ConversationPanel view={view} />
        </div>
      </div>
      {state.final ? null : <Decision view={view} />}
    </>
  );
};

const About = ({ view }: { view: ThreadView }) => {
  const { thread, time, id } = view;
  const { executionId, stepPath } = thread.evidence;
  return (
    <Panel title="About" id="about">
      <Facts
        facts={[
          [
            'Who is meant',
            thread.assigneeAddresses.length === 0 ? undefined : <Addresses of={thread.assigneeAddresses} />,
          ],
          ['Deadline', thread.deadlineAt === null ? undefined : <Time at={thread.deadlineAt} {...time} absolute />],
          [
            'Evidence',
            <a href={stepHref(executionId, stepPath)}>
              step <Text value={stepPath} max={60} />
            </a>,
          ],
          [
            'Execution',
            <a href={executionHref(executionId)}>
              <Text value={executionId} max={80} />
            </a>,
          ],
          [
            'Playbook',
            <a href={`/playbooks/${encodeURIComponent(thread.evidence.playbookId)}`}>
              <Text value={thread.evidence.playbookId} max={60} />
            </a>,
          ],
          ['History', <a href={`/audit?target=${encodeURIComponent(id)}`}>Who did what</a>],
        ]}
      />
      {thread.closed === null ? null : (
        <p>
          Closed by <Text value={thread.closed.by} max={80} /> <Time at={thread.closed.at} {...time} />:{' '}
          <span class="said">{visible(thread.closed.reason)}</span>
        </p>
      )}
    </Panel>
  );
};

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

const Actions = ({ view }: { view: ThreadView }) => {
  const { thread, state, roles, path, csrfToken, refused } = view;
  const mayClose = state.state === 'open' || state.state === 'expired';
  return (
    <>
      {roles.length === 0 ? null : (
        <ForRole view={view} action="assign">
          <Disclosure id="assign" label="Assign…" open={refused?.deed === 'assign'}>
            <form class="stack" method="post" action={`${path}/assign`}>
              <CsrfField token={csrfToken} />
              <label>
                Role of people.yaml
                <select name="role">
                  {roles.map((role) => (
                    <option selected={role === thread.assignee}>{role}</option>
                  ))}
                </select>
              </label>
              <button>Assign</button>
            </form>
          </Disclosure>
        </ForRole>
      )}
      {mayClose ? (
        <ForRole view={view} action="close_thread">
          <Disclosure id="close" label="Close…" open={refused?.deed === 'close'}>
            <form class="stack" method="post" action={`${path}/close`}>
              <CsrfField token={csrfToken} />
              <label>
                What came of it?
                <textarea name="reason" maxlength={2_000} required>
                  {`\n${refused?.deed === 'close' ? refused.text : ''}`}
                </textarea>
              </label>
              <button>Close</button>
            </form>
          </Disclosure>
        </ForRole>
      ) : null}
      {state.state === 'closed' && !thread.needsApproval ? (
        <ForRole view={view} action="close_thread">
          <form method="post" action={`${path}/reopen`}>
            <CsrfField token={csrfToken} />
            <button>Open again</button>
          </form>
        </ForRole>
      ) : null}
    </>
  );
};
