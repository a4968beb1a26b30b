import { may } from '#console/access/roles.ts';
import { Countdown } from '#console/view/elements/countdown.tsx';
import { CsrfField } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import type { Thread } from '#records/threads/thread.ts';
import type { ThreadView } from './thread-view.ts';

interface DecidedProps {
  readonly view: ThreadView;
  readonly decision: NonNullable<Thread['decision']>;
}

/** A decision: which, by whom, until when it can be undone, and for which content. */
export const Decided = ({ view, decision }: DecidedProps) => (
  <>
    <div class="row">
      <ThreadStateBadge state={decision.verdict} />
      <MadeBy view={view} decision={decision} />
      <Undo view={view} decision={decision} />
    </div>
    {decision.comment === '' ? null : <p class="said">{visible(decision.comment)}</p>}
    <p class="muted small">
      Applies to exactly the content with SHA-256 <code>{decision.payloadSha256}</code>.
    </p>
  </>
);

const MadeBy = ({ view: { state, time }, decision }: DecidedProps) => (
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
);

const Undo = ({ view: { state, person, path, csrfToken }, decision }: DecidedProps) => {
  const isTheirs = decision.by === person.email || person.role === 'admin';
  if (state.final || !isTheirs || !may(person.role, 'undo')) return null;
  return (
    <form method="post" action={`${path}/undo`}>
      <CsrfField token={csrfToken} />
      <button>Undo</button>
    </form>
  );
};
