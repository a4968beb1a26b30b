import type { Thread } from '#records/threads/thread.ts';
import { draftsOf, isPlain, withPlainLines, type DraftMail } from './drafts.ts';

/** A campaign of more mails is edited as JSON: a page of so many fields is too large, for people too. */
export const MOST_MAILS = 200;

/** The content of the form: what was written, or the thread as it is. */
export interface ModifyDraft {
  /** The hash of what the person saw when they began to write. */
  readonly seenSha256: string;
  readonly title: string;
  readonly body: string;
  readonly content: ContentDraft;
}

/** Mails have their own fields; other data is edited as JSON. */
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

/** The form with the thread as it is. `asJson`: mails are edited as JSON too. */
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
