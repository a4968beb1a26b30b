import { CsrfField, Empty, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { ForRole } from './for-role.tsx';
import type { ThreadView } from './thread-view.ts';

/** The comments on a thread, and a form to add one. */
export const ConversationPanel = ({ view }: { view: ThreadView }) => {
  const { conversation, time } = view;
  const { comments, hasMore } = conversation;
  return (
    <Panel title="Comments" id="conversation">
      {hasMore ? <p class="muted">Showing the newest {comments.length} comments.</p> : null}
      {comments.length === 0 ? <Empty>No comments yet.</Empty> : null}
      <ol class="comments">
        {comments.map(({ id, by, at, text }) => (
          <li id={`comment-${id}`}>
            <p class="small muted">
              <strong>
                <Text value={by} max={80} />
              </strong>{' '}
              · <Time at={at} {...time} />
            </p>
            <p class="said">{visible(text)}</p>
          </li>
        ))}
      </ol>
      <ForRole view={view} action="comment" explained>
        <CommentForm view={view} />
      </ForRole>
    </Panel>
  );
};

const CommentForm = ({ view: { path, csrfToken, commentId, refused } }: { view: ThreadView }) => (
  <form class="stack" method="post" action={`${path}/comment`}>
    <CsrfField token={csrfToken} />
    <input type="hidden" name="commentId" value={commentId} />
    <label>
      Your comment
      <textarea name="text" maxlength={5_000} required>
        {`\n${refused?.deed === 'comment' ? refused.text : ''}`}
      </textarea>
    </label>
    <div class="row">
      <button>Add comment</button>
    </div>
  </form>
);
