import { startOf } from '#core/cut.ts';
import { toHtml, toText } from '#channels/markdown/markdown.ts';
import { mailHtml, mailText } from '#channels/email/mail-layout.ts';
import { slackMessage, type SlackMessage } from '#channels/slack/slack-blocks.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Notification } from '#records/notifications/notifications.ts';
import { reachable } from '#records/store/reachable.ts';

const MAX_BODY_CHARS = 100_000;

/** What a message was made with, beside its own words. */
export interface Surroundings {
  readonly playbookName: string;
  readonly allowedLinkHosts: readonly string[];
}

/** The HTML part of a mail, as it was or would have been sent. */
export function htmlPart(message: Notification, { playbookName, allowedLinkHosts }: Surroundings): string {
  const { subject, priority, body, executionId } = message;
  const bodyHtml = toHtml(bounded(body), { allowedLinkHosts });
  return mailHtml({ subject, priority, bodyHtml, origin: { playbookName, executionId } });
}

/** The text part of a mail. */
export function textPart(
  { subject, priority, body, executionId }: Notification,
  { playbookName }: Surroundings,
): string {
  return mailText({ subject, priority, origin: { playbookName, executionId } }, toText(bounded(body)));
}

/** The message as Slack gets it. */
export function slackPost(message: Notification, { playbookName, allowedLinkHosts }: Surroundings): SlackMessage {
  const { executionId, body } = message;
  return slackMessage(
    { to: [], ...message, body: bounded(body) },
    { playbookName, executionId },
    { allowedLinkHosts, mark: '' },
  );
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
