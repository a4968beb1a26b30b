import { cut } from '#core/cut.ts';
import { Markdown } from '#console/view/elements/markdown.tsx';
import { Head, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { KindBadge, ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import { AboutPanel } from './about-panel.tsx';
import { Changes } from './changes.tsx';
import { ConversationPanel } from './conversation.tsx';
import { Decision } from './decision.tsx';
import { Payload } from './payload.tsx';
import { ThreadActions } from './thread-actions.tsx';
import type { ThreadView } from './thread-view.ts';

/** One thread: its text, what would go out, what people changed and said. */
export const ThreadPage = ({ view }: { view: ThreadView }) => {
  const { thread, state, refused } = view;
  return (
    <>
      <Head title={<Text value={thread.title} max={240} />} actions={<ThreadActions view={view} />}>
        <Standing view={view} />
      </Head>
      {refused === undefined ? null : (
        <p class="problem" role="alert">
          <strong>Nothing was changed.</strong> {visible(cut(refused.message, 1_000))} This page shows the current
          state.
        </p>
      )}
      {state.final ? <Decision view={view} /> : null}
      <div class="grid wide-first">
        <div class="stack">
          <Summary view={view} />
          <Payload view={view} />
          <Changes view={view} />
        </div>
        <div class="stack">
          <AboutPanel view={view} />
          <ConversationPanel view={view} />
        </div>
      </div>
      {state.final ? null : <Decision view={view} />}
    </>
  );
};

const Standing = ({ view: { thread, state, time } }: { view: ThreadView }) => (
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
);

const Summary = ({ view: { thread } }: { view: ThreadView }) => (
  <Panel title="Summary" id="body">
    {thread.body.trim() === '' ? <p class="muted">No description.</p> : <Markdown text={thread.body} />}
  </Panel>
);
