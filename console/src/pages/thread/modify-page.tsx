import { cut } from '#core/cut.ts';
import type { Thread } from '#records/threads/thread.ts';
import { CsrfField, Head, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { draftsOf, isPlain, withPlainLines, type DraftMail } from './drafts.ts';

/** A campaign of more mails is written as JSON: nobody reads through so many fields, and a page of them is too large. */
export const MOST_MAILS = 200;

/** What stands in the form: what was written, or the thread as it is. */
export interface ModifyDraft {
  /** The hash of what the person saw when they began to write. */
  readonly seenSha256: string;
  readonly title: string;
  readonly body: string;
  readonly content: ContentDraft;
}

/** Mails have fields of their own; other data is written as JSON. */
export type ContentDraft =
  | { readonly kind: 'mails'; readonly mails: readonly DraftMailFields[] }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'none' };

/** The fields of one mail. */
export interface DraftMailFields {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly isLeftOut: boolean;
}

/** The form with the thread as it is. `asJson`: also mails are written as JSON. */
export function draftOf(thread: Thread, asJson: boolean): ModifyDraft {
  const { title, body, payloadSha256 } = thread;
  return { seenSha256: payloadSha256, title, body: withPlainLines(body), content: contentOf(thread, asJson) };
}

function contentOf({ payload }: Thread, asJson: boolean): ContentDraft {
  if (payload === undefined) return { kind: 'none' };
  const drafts = draftsOf(payload);
  if (asJson || drafts === undefined || drafts.length > MOST_MAILS || !isPlain(drafts)) {
    return { kind: 'json', text: JSON.stringify(payload, undefined, 2) };
  }
  return { kind: 'mails', mails: drafts.map(fieldsOf) };
}

function fieldsOf({ to, subject, parts }: DraftMail): DraftMailFields {
  return { to, subject, text: withPlainLines(parts[0]?.text ?? ''), isLeftOut: false };
}

/** The form in which a person changes what is decided. Nothing is decided here. */
export const ModifyPage = ({
  path,
  csrfToken,
  draft,
  problem,
}: {
  path: string;
  csrfToken: string;
  draft: ModifyDraft;
  problem: string | undefined;
}) => (
  <>
    <Head title="Change what is decided">
      The original is kept. What you save here waits for a decision anew: you approve it on the next page.
    </Head>
    {problem === undefined ? null : (
      <p class="problem" role="alert" id="problem">
        <strong>Nothing was saved.</strong> {visible(cut(problem, 1_000))} What you wrote is still below.{' '}
        <a href={path}>See the thread as it is now</a>
      </p>
    )}
    <form class="stack" method="post" action={`${path}/modify`}>
      <CsrfField token={csrfToken} />
      <input type="hidden" name="seenSha256" value={draft.seenSha256} />
      <Panel title="Title and text">
        <label>
          Title
          <input type="text" name="title" value={draft.title} required maxlength={1_000} />
        </label>
        <label>
          Text, as Markdown
          <textarea name="body" rows={8} maxlength={200_000}>
            {`\n${draft.body}`}
          </textarea>
        </label>
      </Panel>
      <Content path={path} content={draft.content} hasProblem={problem !== undefined} />
      <div class="row">
        <button class="primary">Save and look at it</button>
        <a class="button" href={path}>
          Do not change it
        </a>
      </div>
    </form>
  </>
);

const Content = ({ path, content, hasProblem }: { path: string; content: ContentDraft; hasProblem: boolean }) => {
  if (content.kind === 'none') return null;
  if (content.kind === 'json') {
    return (
      <Panel title="Data">
        <label>
          JSON
          <textarea
            name="payload"
            class="code"
            spellcheck={false}
            required
            aria-describedby={hasProblem ? 'problem' : undefined}
          >
            {`\n${content.text}`}
          </textarea>
        </label>
      </Panel>
    );
  }
  return (
    <Panel title="Mails" aside={<a href={`${path}/modify?as=json`}>Write them as data instead</a>}>
      {content.mails.map(({ to, subject, text, isLeftOut }, index) => (
        <fieldset>
          <legend>
            To <Text value={to} max={80} />
          </legend>
          <label>
            Subject
            <input type="text" name="subject" value={subject} required />
          </label>
          <label>
            Text
            <textarea name="text" rows={7}>
              {`\n${text}`}
            </textarea>
          </label>
          <label class="check">
            <input type="checkbox" name="without" value={String(index)} checked={isLeftOut} /> Leave this mail out
          </label>
        </fieldset>
      ))}
    </Panel>
  );
};
