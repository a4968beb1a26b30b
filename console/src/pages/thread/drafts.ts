import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject, JsonValue } from '#core/json.ts';

const MailFields = z.looseObject({
  to: z.union([z.string(), z.array(z.string())]),
  subject: z.string(),
  body: z.string().optional(),
  text: z.string().optional(),
  html: z.string().optional(),
});
const Campaign = z.looseObject({ drafts: z.array(MailFields).min(1) });

const PARTS = ['body', 'text', 'html'] as const;

/** A mail that waits for a decision, as its reader would get it. */
export interface DraftMail {
  readonly to: string;
  readonly subject: string;
  readonly parts: readonly { readonly name: (typeof PARTS)[number]; readonly text: string }[];
  /** What else is said of it: name, discount code, … */
  readonly others: JsonObject;
}

/** What a person made of one mail: its texts, or `undefined`: it is left out. */
export type MailEdit = { readonly subject: string; readonly text: string } | undefined;

/** The mails of a campaign's payload; undefined for a payload that holds something else. */
export function draftsOf(payload: Json | undefined): readonly DraftMail[] | undefined {
  const campaign = Campaign.safeParse(payload);
  return campaign.success ? campaign.data.drafts.map(draftOf) : undefined;
}

/** Whether subject and text say all that a reader gets, so that a form of these two can change a mail. */
export function isPlain(drafts: readonly DraftMail[]): boolean {
  return drafts.every(({ parts }) => parts.length === 1 && parts[0]?.name !== 'html');
}

/**
 * The payload with its mails as they were edited, in their order; whatever was not changed stays exactly as it is.
 * An edit says line breaks as `\n`. Undefined when there are not as many edits as mails.
 */
export function withEdits(payload: Json | undefined, edits: readonly MailEdit[]): Json | undefined {
  const drafts = isJsonObject(payload) ? payload['drafts'] : undefined;
  if (!isJsonObject(payload) || !Array.isArray(drafts) || drafts.length !== edits.length) return undefined;
  const edited = drafts.flatMap((draft: Json, index) => {
    const edit = edits[index];
    if (edit === undefined || !isJsonObject(draft)) return [];
    const part = 'body' in draft ? 'body' : 'text';
    return [{ ...draft, subject: keptOr(draft['subject'], edit.subject), [part]: keptOr(draft[part], edit.text) }];
  });
  return { ...payload, drafts: edited };
}

/** The payload as lines that people compare: mails as mails, everything else as JSON. */
export function payloadLines(payload: Json | undefined): string {
  const drafts = draftsOf(payload);
  if (drafts === undefined || !isJsonObject(payload)) return JSON.stringify(payload ?? null, undefined, 2);
  const { drafts: _, ...rest } = payload;
  const mails = drafts.map(({ to, subject, parts, others }) =>
    [`To: ${to}`, `Subject: ${subject}`, ...parts.map(({ text }) => `\n${text}`), `\n${inJson(others)}`].join('\n'),
  );
  return [...mails, ...(Object.keys(rest).length === 0 ? [] : [inJson(rest)])].join('\n\n———\n\n');
}

function draftOf(mail: z.infer<typeof MailFields>): DraftMail {
  const { to, subject, body, text, html, ...others } = mail;
  const texts = { body, text, html };
  return {
    to: typeof to === 'string' ? to : to.join(', '),
    subject,
    parts: PARTS.flatMap((name) => {
      const part = texts[name];
      return part === undefined ? [] : [{ name, text: part }];
    }),
    others: z.record(z.string(), JsonValue).parse(others),
  };
}

/** A browser ends lines its own way: a text that is the same but for that was not changed. */
function keptOr(original: Json | undefined, edited: string): Json {
  return typeof original === 'string' && withPlainLines(original) === edited ? original : edited;
}

/** Line ends as forms bring them back. */
export function withPlainLines(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

function inJson(value: Json): string {
  return JSON.stringify(value, undefined, 2);
}
