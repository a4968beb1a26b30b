import { cut } from '#core/cut.ts';
import { CsrfField, Head, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import type { DraftMailFields, ModifyDraft } from './modify-draft.ts';

interface ModifyProps {
  readonly path: string;
  readonly csrfToken: string;
  readonly draft: ModifyDraft;
  /** Why nothing was saved. */
  readonly problem: string | undefined;
}

/** The form in which a person edits what is decided. Nothing is decided here. */
export const ModifyPage = ({ path, csrfToken, draft, problem }: ModifyProps) => (
  <>
    <Head title="Edit content">
      The original is kept. Your version then waits for a decision: approve it on the next page.
    </Head>
    {problem === undefined ? null : <Refusal path={path} problem={problem} />}
    <form class="stack" method="post" action={`${path}/modify`}>
      <CsrfField token={csrfToken} />
      <input type="hidden" name="seenSha256" value={draft.seenSha256} />
      <TitleAndText draft={draft} />
      <Content path={path} draft={draft} hasProblem={problem !== undefined} />
      <div class="row">
        <button class="primary">Save and review</button>
        <a class="button" href={path}>
          Discard changes
        </a>
      </div>
    </form>
  </>
);

const Refusal = ({ path, problem }: { path: string; problem: string }) => (
  <p class="problem" role="alert" id="problem">
    <strong>Nothing was saved.</strong> {visible(cut(problem, 1_000))} Your text is still below.{' '}
    <a href={path}>See the current thread</a>
  </p>
);

const TitleAndText = ({ draft: { title, body } }: { draft: ModifyDraft }) => (
  <Panel title="Title and text">
    <label>
      Title
      <input type="text" name="title" value={title} required maxlength={1_000} />
    </label>
    <label>
      Text (Markdown)
      <textarea name="body" rows={8} maxlength={200_000}>
        {`\n${body}`}
      </textarea>
    </label>
  </Panel>
);

interface ContentProps {
  readonly path: string;
  readonly draft: ModifyDraft;
  readonly hasProblem: boolean;
}

const Content = ({ path, draft: { content }, hasProblem }: ContentProps) => {
  if (content.kind === 'none') return null;
  if (content.kind === 'json') return <Data text={content.text} hasProblem={hasProblem} />;
  return (
    <Panel title="Mails" aside={<a href={`${path}/modify?as=json`}>Edit as JSON</a>}>
      {content.mails.map((mail, index) => (
        <Mail mail={mail} index={index} />
      ))}
    </Panel>
  );
};

const Data = ({ text, hasProblem }: { text: string; hasProblem: boolean }) => (
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
        {`\n${text}`}
      </textarea>
    </label>
  </Panel>
);

const Mail = ({ mail: { to, subject, text, isLeftOut }, index }: { mail: DraftMailFields; index: number }) => (
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
      <input type="checkbox" name="without" value={String(index)} checked={isLeftOut} /> Exclude this mail
    </label>
  </fieldset>
);
