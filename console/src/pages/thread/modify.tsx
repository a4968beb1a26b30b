import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import type { Json } from '#core/json.ts';
import { modifyPayload } from '#records/threads/thread-decisions.ts';
import { loadThread } from '#records/threads/threads.ts';
import { effectiveState, type Thread } from '#records/threads/thread.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { withNotice } from '#console/view/frame/notices.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { formOf } from '#console/access/form.ts';
import { draftsOf, withEdits, withPlainLines } from './drafts.ts';
import { parseJsonText } from './json-text.ts';
import { draftOf, MOST_MAILS, type ContentDraft, type DraftMailFields, type ModifyDraft } from './modify-draft.ts';
import { ModifyPage } from './modify-page.tsx';

type PageContext = Context<ConsoleEnv>;

const Lines = z.string().transform(withPlainLines);
const Many = z.union([z.string().transform((one) => [one]), z.array(z.string()).max(MOST_MAILS)]).default([]);

/** Everything that the form may send; `subject` and `text` once for every mail. */
const ModifyForm = z.object({
  seenSha256: z.string(),
  title: z.string(),
  body: Lines,
  payload: Lines.optional(),
  subject: Many,
  text: Many,
  without: Many,
});
type ModifyForm = z.infer<typeof ModifyForm>;

/** `/inbox/{id}/modify`: the form that changes what is decided, and saving it. Reads one document, and one more to save. */
export function modifyRoutes(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/inbox/:id/modify', allow('modify_payload'), async (c) => {
    const thread = await loadThread(world.documents, c.req.param('id'));
    if (thread === undefined) return notFoundPage(c, world, 'No thread has this ID.');
    // Too late: the thread itself says why there is nothing to edit.
    if (effectiveState(thread, world.clock.now()).state !== 'awaiting_approval') return c.redirect(pathOf(c), 303);
    return page(c, world, { draft: draftOf(thread, c.req.query('as') === 'json'), refused: undefined });
  });
  app.post('/inbox/:id/modify', allow('modify_payload'), (c) => save(c, world));
  return app;
}

async function save(c: PageContext, world: ConsoleWorld): Promise<Response> {
  const form = await formOf(c, ModifyForm);
  const threadId = c.req.param('id') ?? '';
  const thread = await loadThread(world.documents, threadId);
  if (thread === undefined) return notFoundPage(c, world, 'No thread has this ID.');
  const { email, role } = c.var.person;
  try {
    const payload = payloadOf(form, thread);
    await modifyPayload(
      world,
      { email, role },
      {
        threadId,
        seenSha256: form.seenSha256,
        // An unchanged text is not sent: a form may have changed its line ends.
        ...(form.title === thread.title ? {} : { title: form.title }),
        ...(form.body === withPlainLines(thread.body) ? {} : { body: form.body }),
        ...(payload === undefined ? {} : { payload }),
      },
    );
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || !['rejected', 'input_invalid'].includes(thrown.code)) throw thrown;
    return page(c, world, { draft: writtenDraft(form, thread), refused: thrown });
  }
  return c.redirect(withNotice(pathOf(c), 'modified'), 303);
}

/** The payload that the form asks for; undefined where it says nothing of it. Throws `input_invalid`, `rejected`. */
function payloadOf(form: ModifyForm, thread: Thread): Json | undefined {
  if (form.payload !== undefined) return parseJsonText(form.payload);
  if (form.subject.length === 0) return undefined;
  const without = new Set(form.without);
  const edits = form.subject.map((subject, index) =>
    without.has(String(index)) ? undefined : { subject: subject.trim(), text: withPlainLines(form.text[index] ?? '') },
  );
  if (edits.every((edit) => edit === undefined)) {
    throw new PlaybookError('input_invalid', 'Every mail is excluded; reject the campaign instead.');
  }
  const payload = withEdits(thread.payload, edits);
  if (payload !== undefined && form.text.length === form.subject.length) return payload;
  throw new PlaybookError('rejected', 'The mails have changed since you opened this page. Review them again.');
}

/** What a person wrote, to stand in the form again. */
function writtenDraft(form: ModifyForm, thread: Thread): ModifyDraft {
  return { seenSha256: form.seenSha256, title: form.title, body: form.body, content: writtenContent(form, thread) };
}

function writtenContent({ payload, subject, text, without }: ModifyForm, thread: Thread): ContentDraft {
  if (payload !== undefined) return { kind: 'json', text: payload };
  if (subject.length === 0) return { kind: 'none' };
  const drafts = draftsOf(thread.payload);
  const mails = subject.map((line, index): DraftMailFields => ({
    to: drafts?.[index]?.to ?? '',
    subject: line,
    text: withPlainLines(text[index] ?? ''),
    isLeftOut: without.includes(String(index)),
  }));
  return { kind: 'mails', mails };
}

function page(
  c: PageContext,
  world: ConsoleWorld,
  { draft, refused }: { readonly draft: ModifyDraft; readonly refused: PlaybookError | undefined },
): Promise<Response> {
  const main = <ModifyPage path={pathOf(c)} csrfToken={c.var.csrfToken} draft={draft} problem={refused?.message} />;
  const status = refused === undefined ? 200 : refused.code === 'rejected' ? 409 : 400;
  return show(c, world, { title: 'Edit content', section: 'inbox', main }, status);
}

function pathOf(c: PageContext): string {
  return `/inbox/${encodeURIComponent(c.req.param('id') ?? '')}`;
}
