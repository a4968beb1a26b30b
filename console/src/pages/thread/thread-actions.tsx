import { CsrfField, Disclosure } from '#console/view/elements/parts.tsx';
import { ForRole } from './for-role.tsx';
import type { ThreadView } from './thread-view.ts';

/** What can be done to a thread besides deciding: assign, close, reopen. */
export const ThreadActions = ({ view }: { view: ThreadView }) => {
  const { thread, state, roles } = view;
  const mayClose = state.state === 'open' || state.state === 'expired';
  return (
    <>
      {roles.length === 0 ? null : (
        <ForRole view={view} action="assign">
          <Assign view={view} />
        </ForRole>
      )}
      {mayClose ? (
        <ForRole view={view} action="close_thread">
          <Close view={view} />
        </ForRole>
      ) : null}
      {state.state === 'closed' && !thread.needsApproval ? (
        <ForRole view={view} action="close_thread">
          <Reopen view={view} />
        </ForRole>
      ) : null}
    </>
  );
};

const Assign = ({ view: { thread, roles, path, csrfToken, refused } }: { view: ThreadView }) => (
  <Disclosure id="assign" label="Assign…" open={refused?.deed === 'assign'}>
    <form class="stack" method="post" action={`${path}/assign`}>
      <CsrfField token={csrfToken} />
      <label>
        Role (from people.yaml)
        <select name="role">
          {roles.map((role) => (
            <option selected={role === thread.assignee}>{role}</option>
          ))}
        </select>
      </label>
      <button>Assign</button>
    </form>
  </Disclosure>
);

const Close = ({ view: { thread, path, csrfToken, refused } }: { view: ThreadView }) => (
  <Disclosure id="close" label="Close…" open={refused?.deed === 'close'}>
    <form class="stack" method="post" action={`${path}/close`}>
      <CsrfField token={csrfToken} />
      <label>
        Resolution
        <textarea name="reason" maxlength={2_000} required>
          {`\n${refused?.deed === 'close' ? refused.text : ''}`}
        </textarea>
      </label>
      <button>Close {thread.kind}</button>
    </form>
  </Disclosure>
);

const Reopen = ({ view: { path, csrfToken } }: { view: ThreadView }) => (
  <form method="post" action={`${path}/reopen`}>
    <CsrfField token={csrfToken} />
    <button>Reopen</button>
  </form>
);
