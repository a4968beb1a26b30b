import { z } from 'zod';
import { PlaybookError } from '../engine/failure.ts';
import { JsonValue } from '../engine/json.ts';
import { DocumentsError, type Documents } from '../ports/documents.ts';
import { documentFields } from './document-json.ts';

/** An item of the inbox: `playbook_threads/{executionId}_{stepPath}`. */
export const Thread = z.object({
  kind: z.enum(['incident', 'review', 'campaign', 'note']),
  /** A role; who was behind it when the thread was opened stands beside it. */
  assignee: z.string(),
  assigneeAddresses: z.array(z.string()),
  title: z.string(),
  /** Markdown. */
  body: z.string(),
  /** What an approval is about, as data. */
  payload: JsonValue.optional(),
  /** Of title, body and payload: a decision holds for exactly these. */
  payloadSha256: z.string(),
  needsApproval: z.boolean(),
  state: z.enum(['open', 'awaiting_approval']),
  evidence: z.object({ executionId: z.string(), playbookId: z.string(), stepPath: z.string() }),
  createdAt: z.date(),
  expireAt: z.date(),
});
export type Thread = z.infer<typeof Thread>;

/**
 * Opens a thread. One that is there already, made by the same step of the same execution, is left as it is.
 * Throws `unavailable` (it MAY be there; opening again is safe), `unauthenticated`, `input_invalid` (too large).
 */
export async function openThread(documents: Documents, id: string, thread: Thread): Promise<void> {
  const path = `playbook_threads/${id}`;
  try {
    await documents.commit([{ kind: 'create', path, data: documentFields(thread) }]);
  } catch (thrown) {
    if (!(thrown instanceof DocumentsError)) throw thrown;
    if (thrown.code === 'already_exists' && (await isOpen(documents, path, thread))) return;
    throw asPlaybookError(thrown, path);
  }
}

async function isOpen(documents: Documents, path: string, thread: Thread): Promise<boolean> {
  const stored = await documents.get(path);
  const evidence = Thread.shape.evidence.safeParse(stored?.data['evidence']);
  return (
    evidence.success &&
    evidence.data.executionId === thread.evidence.executionId &&
    evidence.data.stepPath === thread.evidence.stepPath
  );
}

function asPlaybookError(error: DocumentsError, path: string): PlaybookError {
  const cause = { cause: error };
  switch (error.code) {
    case 'unavailable':
    case 'conflict':
      return new PlaybookError('unavailable', `The thread could not be stored: ${error.message}`, cause);
    case 'denied':
      return new PlaybookError('unauthenticated', `The database refuses the thread: ${error.message}`, cause);
    case 'invalid':
      return new PlaybookError('input_invalid', `The thread cannot be stored: ${error.message}`, cause);
    case 'already_exists':
    case 'not_found':
      return new PlaybookError('internal', `${path} belongs to something else: ${error.message}`, cause);
  }
}
