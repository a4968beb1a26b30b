import { plural } from '#console/view/elements/figures.tsx';
import { CsrfField } from '#console/view/elements/parts.tsx';
import { draftsOf } from './drafts.ts';
import type { ThreadView } from './thread-view.ts';

/** The form that approves or rejects exactly what the page shows. */
export const VerdictForm = ({ view, verdict }: { view: ThreadView; verdict: 'approve' | 'reject' }) => {
  const { thread, path, csrfToken, refused } = view;
  const isApproval = verdict === 'approve';
  return (
    <form class="stack" method="post" action={`${path}/${verdict}`}>
      <CsrfField token={csrfToken} />
      <input type="hidden" name="payloadSha256" value={thread.payloadSha256} />
      {isApproval ? (
        <p>
          <strong>Approve {contentWords(view)}?</strong> You can undo this for 60 seconds.
        </p>
      ) : null}
      <label>
        {isApproval ? 'Comment (optional)' : 'Reason (visible to others)'}
        <textarea name="comment" maxlength={2_000} required={!isApproval}>
          {`\n${refused?.deed === verdict ? refused.text : ''}`}
        </textarea>
      </label>
      <button class={isApproval ? 'primary' : 'danger'}>{buttonWords(view, isApproval)}</button>
      {isApproval ? (
        <p class="muted small">
          Content fingerprint (SHA-256): <code>{thread.payloadSha256.slice(0, 12)}…</code>
        </p>
      ) : null}
    </form>
  );
};

function contentWords({ thread: { payload } }: ThreadView): string {
  const drafts = draftsOf(payload);
  if (drafts !== undefined) return plural(drafts.length, 'mail');
  return payload === undefined ? 'the text above' : 'the text and data above';
}

function buttonWords({ thread: { kind, payload } }: ThreadView, isApproval: boolean): string {
  if (!isApproval) return `Reject ${kind}`;
  const drafts = draftsOf(payload);
  return `Approve ${drafts === undefined ? kind : plural(drafts.length, 'mail')}`;
}
