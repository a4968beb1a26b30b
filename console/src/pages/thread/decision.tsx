import { may } from '#console/access/roles.ts';
import { Countdown } from '#console/view/elements/countdown.tsx';
import { Disclosure } from '#console/view/elements/parts.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import { Decided } from './decided.tsx';
import { ForRole } from './for-role.tsx';
import type { ThreadView } from './thread-view.ts';
import { VerdictForm } from './verdict-form.tsx';

/** The decision that a thread asks for, or that was made: it stays in view while something can be done. Nothing for a thread that asks for none. */
export const Decision = ({ view }: { view: ThreadView }) => {
  const { thread, state } = view;
  if (!thread.needsApproval || state.state === 'closed') return null;
  return (
    <section class={`panel decide ${state.final ? '' : 'pending'}`} id="decide" aria-label="Decision">
      {state.state === 'awaiting_approval' ? <Question view={view} /> : null}
      {thread.decision === null ? null : <Decided view={view} decision={thread.decision} />}
      {state.state === 'expired' ? <Expired view={view} /> : null}
    </section>
  );
};

const Question = ({ view }: { view: ThreadView }) => {
  const { path, isIntact, refused } = view;
  if (!isIntact) return <Tampered />;
  return (
    <>
      <Waiting view={view} />
      <ForRole view={view} action="decide" explained>
        <Disclosure id="approve" label="Approve…" tone="primary" open={refused?.deed === 'approve'}>
          <VerdictForm view={view} verdict="approve" />
        </Disclosure>
        <Disclosure id="reject" label="Reject…" tone="danger" open={refused?.deed === 'reject'}>
          <VerdictForm view={view} verdict="reject" />
        </Disclosure>
      </ForRole>
      <ForRole view={view} action="modify_payload">
        <a class="button" href={`${path}/modify`}>
          Edit…
        </a>
      </ForRole>
    </>
  );
};

const Tampered = () => (
  <p>
    <strong>This item was changed outside the console.</strong> It can no longer be decided. Run the playbook again.
  </p>
);

const Waiting = ({ view: { thread, time, person } }: { view: ThreadView }) => (
  <p class="grow">
    <strong>Waiting for {may(person.role, 'decide') ? 'your' : 'a'} decision</strong>{' '}
    {thread.deadlineAt === null ? null : (
      <span class="muted">
        <span class="nowrap">
          expires <Countdown at={thread.deadlineAt} {...time} />
        </span>{' '}
        (counts as rejected)
      </span>
    )}
  </p>
);

const Expired = ({ view: { thread, time } }: { view: ThreadView }) => (
  <p>
    <ThreadStateBadge state="expired" /> Nobody decided by{' '}
    {thread.deadlineAt === null ? 'the deadline' : <Time at={thread.deadlineAt} {...time} absolute />}, so this counts
    as rejected. To ask again, run the playbook again.
  </p>
);
