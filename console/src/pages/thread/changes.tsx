import type { Thread } from '#records/threads/thread.ts';
import { Panel } from '#console/view/elements/parts.tsx';
import { TextDiff } from '#console/view/elements/text-diff.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { payloadLines } from './drafts.ts';
import type { ThreadView } from './thread-view.ts';

/** How people edited a thread: who, when, and the difference from the original. */
export const Changes = ({ view }: { view: ThreadView }) => {
  const { thread, time } = view;
  if (thread.revisions.length === 0) return null;
  return (
    <Panel title="Edits" id="changes" aside="compared with the original">
      <ul class="small">
        {thread.revisions.map(({ by, at, payloadSha256 }) => (
          <li>
            <Text value={by} max={80} />, <Time at={at} {...time} />{' '}
            <span class="muted">
              (before: <code>{payloadSha256.slice(0, 12)}…</code>)
            </span>
          </li>
        ))}
      </ul>
      {differencesOf(thread).map(({ name, before, after }) => (
        <div class="stack">
          <h3>{name}</h3>
          <TextDiff before={before} after={after} label={`Difference: ${name}`} />
        </div>
      ))}
    </Panel>
  );
};

interface Difference {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The original and the current version of each field that someone edited. */
function differencesOf({ revisions, title, body, payload }: Thread): readonly Difference[] {
  const originalTitle = revisions.find((revision) => revision.title !== undefined)?.title ?? title;
  const originalBody = revisions.find((revision) => revision.body !== undefined)?.body ?? body;
  const changed = revisions.find((revision) => revision.payload !== undefined);
  const originalPayload = changed === undefined ? payload : changed.payload;
  return [
    { name: 'Title', before: originalTitle, after: title },
    { name: 'Text', before: originalBody, after: body },
    { name: 'Content', before: payloadLines(originalPayload), after: payloadLines(payload) },
  ].filter(({ before, after }) => before !== after);
}
