import { CsrfField, Empty, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { ForRole } from './decision.tsx';
import type { ThreadView } from './thread-view.ts';

/** What people say to one another about a thread, and a place to say something. */
export const ConversationPanel = ({ view }: { view: ThreadView }) => {
  const { conversation, path, csrfToken, commentId, refused, time } = view;
  const { comments, hasMore } = conversation;
  return (
    <Panel title="Conversation" id="conversation">
      {hasMore ? <p class="muted">The newest {comments.length}; there is more that was said before.</p> : null}
      {comments.length === 0 ? <Empty>Nobody has said anything yet.</Empty> : null}
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
            <button>Comment</button>
          </div>
        </form>
      </ForRole>
    </Panel>
  );
};
