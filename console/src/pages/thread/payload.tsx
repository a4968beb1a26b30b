import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { fieldName, fieldValue } from '#console/view/elements/field-words.ts';
import { JsonView } from '#console/view/elements/json-view.tsx';
import { Facts, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { draftsOf, type DraftMail } from './drafts.ts';
import type { ThreadView } from './thread-view.ts';

const MAX_MAILS = 50;
const OPEN_MAILS = 2;
const MAX_TEXT_CHARS = 20_000;

/** What an approval lets out, exactly as it will go: mails to read, everything as data, and the hash of it all. */
export const Payload = ({ view }: { view: ThreadView }) => {
  const { payload, payloadSha256, needsApproval } = view.thread;
  if (payload === undefined && !needsApproval) return null;
  const drafts = draftsOf(payload);
  const wholeHref = `${view.path}/payload.json`;
  const title = needsApproval ? 'For approval' : 'Data';
  return (
    <Panel title={drafts === undefined ? title : plural(drafts.length, 'mail')} id="payload">
      <HiddenCharacters payload={payload} />
      {drafts === undefined ? null : <Mails mails={drafts} wholeHref={wholeHref} time={view.time} />}
      {payload === undefined ? (
        <p class="muted">No data attached.</p>
      ) : (
        <details id="raw" open={drafts === undefined && needsApproval}>
          <summary>Exact data (JSON)</summary>
          <JsonView value={payload} label="The payload as JSON" wholeHref={wholeHref} />
        </details>
      )}
      {needsApproval ? (
        <p class="small muted">
          SHA-256 of title, text and data: <code class="hash">{payloadSha256}</code>. A decision applies to exactly this
          content.
        </p>
      ) : null}
    </Panel>
  );
};

interface MailsProps {
  readonly mails: readonly DraftMail[];
  readonly wholeHref: string;
  readonly time: ReaderTime;
}

const Mails = ({ mails, wholeHref, time }: MailsProps) => (
  <>
    {mails.slice(0, MAX_MAILS).map((mail, index) => (
      <Mail mail={mail} number={index + 1} open={index < OPEN_MAILS} time={time} />
    ))}
    {mails.length > MAX_MAILS ? (
      <p class="muted">
        Showing the first {MAX_MAILS} of {mails.length} mails. <a href={wholeHref}>Download all as JSON</a>
      </p>
    ) : null}
  </>
);

interface MailProps {
  readonly mail: DraftMail;
  readonly number: number;
  readonly open: boolean;
  readonly time: ReaderTime;
}

const Mail = ({ mail, number, open, time }: MailProps) => (
  <details class="mail" id={`mail-${number}`} open={open}>
    <summary>
      <span class="muted num">{number}</span>{' '}
      <strong>
        <Text value={mail.subject} max={140} />
      </strong>{' '}
      <span class="muted">
        to <Text value={mail.to} max={80} />
      </span>
    </summary>
    {mail.parts.map(({ name, text }) => (
      <div>
        {name === 'html' ? <p class="muted small">HTML part, as source</p> : null}
        <pre class="letter" tabindex={0} role="region" aria-label={`Mail ${number}, ${name}`}>
          {visible(cut(text, MAX_TEXT_CHARS))}
        </pre>
        {text.length > MAX_TEXT_CHARS ? <p class="muted">Cut here. The data below has all of it.</p> : null}
      </div>
    ))}
    <Facts
      facts={Object.entries(mail.others).map(([name, value]) => [fieldName(name, 40), fieldValue(value, 160, time)])}
    />
  </details>
);

/** An invisible character may turn a text around or instruct a model: it should be noticed before an approval. */
const HiddenCharacters = ({ payload }: { payload: Json | undefined }) => {
  const signs = payload === undefined ? [] : textsOf(payload).flatMap((text) => firstHidden(text) ?? []);
  if (signs.length === 0) return null;
  return (
    <p class="problem">
      <strong>Hidden characters:</strong> {plural(signs.length, 'text')} below{' '}
      {signs.length === 1 ? 'contains' : 'contain'} characters that readers cannot see. They are shown by number here,
      like <code>{signs[0]}</code>.
    </p>
  );
};

/** The first hidden character of a text as it is shown here; undefined where there is none. */
function firstHidden(text: string): string | undefined {
  const [plain, shown] = [text.replaceAll('\r', ''), visible(text)];
  if (plain === shown) return undefined;
  let at = 0;
  while (plain[at] === shown[at]) at += 1;
  return visible(String.fromCodePoint(plain.codePointAt(at) ?? 0));
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
