import { startOf } from '#core/cut.ts';
import type { Channel } from '#channels/channel.ts';
import type { MessageOrigin, Preview } from '#channels/preview.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Notification } from '#records/notifications/notifications.ts';
import { reachable } from '#records/store/reachable.ts';

const MAX_BODY_CHARS = 100_000;

/** A message as its channel shows it to its reader; of a channel that does not exist any more, its Markdown. */
export async function previewOf(
  { subject, priority, body }: Notification,
  channel: Channel | undefined,
  origin: MessageOrigin,
): Promise<Preview> {
  if (channel === undefined) return { kind: 'markdown' };
  return channel.preview({ to: [], subject, priority, body: bounded(body) }, origin);
}

/** What is larger was not written to be read, and turning it into a page would keep everybody else waiting. */
function bounded(body: string): string {
  return body.length <= MAX_BODY_CHARS
    ? body
    : `${startOf(body, MAX_BODY_CHARS)}\n\nCut here: the console shows only the first part.`;
}

/** What the playbook was called when the message was written; its id where that is not kept any more. Reads one document. */
export async function playbookNameOf(
  documents: Pick<Documents, 'query'>,
  { executionId, playbookId }: Notification,
): Promise<string> {
  const [execution] = await reachable(
    documents.query({
      collection: 'playbook_executions',
      where: [{ field: 'id', op: '==', value: executionId }],
      select: ['playbookName'],
      limit: 1,
    }),
  );
  const name = execution?.data['playbookName'];
  return typeof name === 'string' ? name : playbookId;
}
