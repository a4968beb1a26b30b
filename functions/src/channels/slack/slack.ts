import { PlaybookError } from '#core/failure.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { ChatPoster } from '#ports/messengers.ts';
import type { Channel, Message } from '../channel.ts';
import {
  asReceipt,
  CAUGHT_POST,
  failedFor,
  keepNotification,
  notificationPath,
  outgoing,
  readNotification,
} from '../notification.ts';
import type { KeptReceipt, Notification } from '#records/notifications/notifications.ts';

const NAME = 'slack';

/**
 * Posts to the Slack channel of the webhook. Slack's webhooks have no idempotency key: a message whose answer was lost is
 * posted again and marked as a resend. Without a webhook, the message is caught.
 */
export const slack: Channel = {
  name: NAME,
  label: 'Slack',
  summary: 'Posts to the Slack channel of the configured webhook.',
  addressed: false,
  reach: 'outside',
  caughtBecause: CAUGHT_POST,
  outsideWords: () => 'A Slack message',
  async preview(message, origin) {
    const { slackCard } = await import('./slack-card.ts');
    return slackCard(message, origin);
  },
  async deliver(asked, earlier, context, ports) {
    const message = outgoing(asked, ports);
    const kept = await readNotification(ports.documents, NAME, context);
    const before = [...earlier, ...(kept?.deliveries.map(asReceipt) ?? [])];
    const done = before.find(({ status }) => status !== 'failed');
    if (done !== undefined) return [done];

    // Others can read posts, so a message for only one person is just stored.
    const chat = context.onlyTo === undefined ? await ports.chat() : undefined;
    const path = notificationPath(NAME, context);
    const { allowedLinkHosts } = await ports.settings.people();
    const made: Made =
      chat === undefined
        ? { delivery: { channel: NAME, to: NAME, status: 'caught', messageId: path } }
        : await post(chat, { message, mark: markOf(context, kept), allowedLinkHosts, path }, context);
    const deliveries = [made.delivery];
    await keepNotification(ports, { channel: NAME, message, deliveries, earlier: kept }, context);
    if (made.error !== undefined) throw made.error;
    return deliveries.map(asReceipt);
  },
};

interface Made {
  readonly delivery: KeptReceipt;
  readonly error?: PlaybookError;
}

interface Post {
  readonly message: Message;
  readonly mark: string;
  readonly allowedLinkHosts: readonly string[];
  readonly path: string;
}

async function post(
  chat: ChatPoster,
  { message, mark, allowedLinkHosts, path }: Post,
  context: StepContext,
): Promise<Made> {
  const { slackMessage } = await import('./slack-blocks.ts');
  try {
    await chat.post(slackMessage(message, context, { allowedLinkHosts, mark }), context.signal);
    // Webhooks return no id; the document is the evidence of the message.
    return { delivery: { channel: NAME, to: NAME, status: 'sent', messageId: path } };
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError)) throw thrown;
    const [delivery] = failedFor(NAME, [NAME], thrown);
    if (delivery === undefined) throw thrown;
    return { delivery, error: thrown };
  }
}

/** The mark of a resend, if an earlier attempt may have posted: it ended without an answer or a record. */
function markOf({ attempt }: StepContext, kept: Notification | undefined): string {
  if (attempt === 1) return '';
  const [before] = kept?.deliveries ?? [];
  const mayHaveArrived = before === undefined || (before.status === 'failed' && before.ambiguous);
  return mayHaveArrived ? ' (resend)' : '';
}
