import type { Child } from 'hono/jsx';
import { may, rolesThatMay, type Action } from '#console/access/roles.ts';
import { Countdown } from '#console/view/elements/countdown.tsx';
import { plural } from '#console/view/elements/figures.tsx';
import { CsrfField, Disclosure } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { draftsOf } from './drafts.ts';
import type { ThreadView } from './thread-view.ts';

/** What a person decides, or has decided: it stays in sight while something can be done. Nothing where a thread asks for no decision. */
export const Decision = ({ view }: { view: ThreadView }) => {
  const { thread, state } = view;
  if (!thread.needsApproval || state.state === 'closed') return null;
  return (
    <section class={`panel decide ${state.final ? '' : 'pending'}`} id="decide" aria-label="Decision">
      {state.state === 'awaiting_approval' ? <Question view={view} /> : null}
      {thread.decision === null ? null : <Decided view={view} />}
      {state.state === 'expired' ? <Expired view={view} /> : null}
    </section>
  );
};

const Question = ({ view }: { view: ThreadView }) => {
  const { thread, path, isIntact, refused } = view;
  if (!isIntact) {
    return (
      <p>
        <strong>It cannot be decided.</strong> Its content differs from what was recorded: it was changed outside the
        console. Run the playbook again.
      </p>
    );
  }
  return (
    <>
      <p class="grow">
        <strong>Waiting for your decision</strong>{' '}
        {thread.deadlineAt === null ? null : (
          <span class="muted nowrap">
            denied by default <Countdown at={thread.deadlineAt} {...view.time} />
          </span>
        )}
      </p>
      <ForRole view={view} action="decide" explained>
        <Disclosure id="approve" label="Approve…" tone="primary" open={refused?.deed === 'approve'}>
          <Verdict view={view} verdict="approve" />
        </Disclosure>
        <Disclosure id="reject" label="Reject…" tone="danger" open={refused?.deed === 'reject'}>
          <Verdict view={view} verdict="reject" />
        </Disclosure>
      </ForRole>
      <ForRole view={view} action="modify_payload">
        <a class="button" href={`${path}/modify`}>
          Change…
        </a>
      </ForRole>
    </>
  );
};

const Verdict = ({ view, verdict }: { view: ThreadView; verdict: 'approve' | 'reject' }) => {
  const { thread, path, csrfToken, refused } = view;
  const isApproval = verdict === 'approve';
  return (
    <form class="stack" method="post" action={`${path}/${verdict}`}>
      <CsrfField token={csrfToken} />
      <input type="hidden" name="payloadSha256" value={thread.payloadSha256} />
      {isApproval ? (
        <p>
          You approve exactly this: <strong>{contentInWords(view)}</strong>, SHA-256{' '}
          <code>{thread.payloadSha256.slice(0, 12)}…</code> You can undo it for a minute.
        </p>
      ) : null}
      <label>
        {isApproval ? 'Comment (may stay empty)' : 'Why? Others read it here.'}
        <textarea name="comment" maxlength={2_000} required={!isApproval}>
          {`\n${refused?.deed === verdict ? refused.text : ''}`}
        </textarea>
      </label>
      <button class={isApproval ? 'primary' : 'danger'}>{isApproval ? 'Approve now' : 'Reject now'}</button>
    </form>
  );
};

function contentInWords({ thread }: ThreadView): string {
  const drafts = draftsOf(thread.payload);
  if (drafts !== undefined) return plural(drafts.length, 'mail');
  return thread.payload === undefined ? 'the text above' : 'the text and the data above';
}

const Decided = ({ view }: { view: ThreadView }) => {
  const { thread, state, person, path, csrfToken, time } = view;
  const { decision } = thread;
  if (decision === null) return null;
  const isTheirs = decision.by === person.email || person.role === 'admin';
  return (
    <>
      <div class="row">
        <ThreadStateBadge state={decision.verdict} />
        <span class="grow">
          by <Text value={decision.by} max={80} />, <Time at={decision.at} {...time} />
          <span class="muted">
            {' · '}
            {state.final ? (
              'final'
            ) : (
              <>
                final <Countdown at={decision.finalAt} {...time} />
              </>
            )}
          </span>
        </span>
        {state.final || !isTheirs || !may(person.role, 'undo') ? null : (
          <form method="post" action={`${path}/undo`}>
            <CsrfField token={csrfToken} />
            <button>Undo</button>
          </form>
        )}
      </div>
      {decision.comment === '' ? null : <p class="said">{visible(decision.comment)}</p>}
      <p class="muted small">
        It holds for exactly the content with SHA-256 <code>{decision.payloadSha256}</code>.
      </p>
    </>
  );
};

const Expired = ({ view: { thread, time } }: { view: ThreadView }) => (
  <p>
    <ThreadStateBadge state="expired" /> Nobody decided by{' '}
    {thread.deadlineAt === null ? 'its deadline' : <Time at={thread.deadlineAt} {...time} absolute />}, so it was
    denied. To ask anew, run the playbook again.
  </p>
);

/** Shows what a role may do; where it may not, nothing, or a quiet line that says who may. */
export const ForRole = ({
  view,
  action,
  explained,
  children,
}: {
  view: ThreadView;
  action: Action;
  explained?: boolean;
  children: Child;
}) => {
  if (may(view.person.role, action)) return <>{children}</>;
  if (explained !== true) return null;
  return (
    <p class="muted">
      This takes the role {rolesThatMay(action).join(' or ')}; yours is {view.person.role}.
    </p>
  );
};
