import { createHash } from 'node:crypto';
import type { People } from '#language/settings/people.ts';
import { PlaybookError } from '#core/failure.ts';
import { addressProblem } from '#core/mail-address.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Mail, Mailer, MailResult } from '#ports/messengers.ts';
import type { Channel, Message } from '../channel.ts';
import { mailHtml, mailText } from './mail-layout.ts';
import {
  asReceipt,
  failedFor,
  keepNotification,
  notificationPath,
  outgoing,
  readNotification,
} from '../notification.ts';
import type { KeptReceipt, Notification } from '#records/notifications/notifications.ts';

const NAME = 'email';
const MAX_RECIPIENTS = 50;

/** Sends a separate mail to each recipient, so that none sees the others. Without credentials, the message is caught. */
export const email: Channel = {
  name: NAME,
  label: 'email',
  summary: 'Sends a mail to each recipient through Mailjet.',
  addressed: true,
  reach: 'outside',
  caughtBecause:
    'there are no mail credentials here, so the message was only kept. Set MAILJET_API_KEY and MAILJET_API_SECRET (on your machine: npm start -- --deliver) to send the next one.',
  outsideWords: (to) => `A mail to ${to || 'no one'}`,
  async preview(message, origin) {
    const { mailPreview } = await import('./mail-preview.ts');
    return mailPreview(message, origin);
  },
  async deliver(asked, earlier, context, ports) {
    const message = outgoing(asked, ports);
    const people = await ports.settings.people();
    const recipients = recipientsOf(message.to);
    const kept = await readNotification(ports.documents, NAME, context);
    const settled = [...earlier.map(keptFrom), ...(kept?.deliveries ?? [])].filter(isSettled);
    const known = new Map(settled.map((delivery) => [delivery.to, delivery]));
    const refused = recipients.flatMap((to) => (known.has(to) ? [] : refusalOf(to, people)));
    for (const delivery of refused) known.set(delivery.to, delivery);
    const open = recipients.filter((to) => !known.has(to));

    const round = { message, open, context, allowedLinkHosts: people.allowedLinkHosts };
    const mailer = open.length === 0 ? undefined : await ports.mailer();
    const { deliveries, error } = mailer === undefined ? caught(round) : await sendOpen(mailer, round, kept);
    for (const delivery of deliveries) known.set(delivery.to, delivery);

    const all = recipients.flatMap((to) => known.get(to) ?? []);
    await keepNotification(ports, { channel: NAME, message, deliveries: all, earlier: kept }, context);
    if (error !== undefined && all.every(({ status }) => status === 'failed')) throw error;
    return all.map(asReceipt);
  },
};

interface Round {
  readonly message: Message;
  /** The recipients that have not received it yet. */
  readonly open: readonly string[];
  readonly context: StepContext;
  readonly allowedLinkHosts: readonly string[];
}

interface Outcome {
  readonly deliveries: readonly KeptReceipt[];
  readonly error?: PlaybookError;
}

function caught({ open, context }: Round): Outcome {
  const messageId = notificationPath(NAME, context);
  return { deliveries: open.map((to) => ({ channel: NAME, to, status: 'caught', messageId })) };
}

async function sendOpen(mailer: Mailer, round: Round, kept: Notification | undefined): Promise<Outcome> {
  const { open, context } = round;
  const found: KeptReceipt[] = [];
  try {
    const missing: string[] = [];
    for (const to of open) {
      const messageId = maySendBlindly(to, context, kept)
        ? undefined
        : await mailer.find(keyOf(to, context), context.signal);
      if (messageId === undefined) missing.push(to);
      else found.push({ channel: NAME, to, status: 'sent', messageId });
    }
    const mails = missing.length === 0 ? [] : await mailsFor(missing, round);
    const results = mails.length === 0 ? [] : await mailer.send(mails, context.signal);
    return { deliveries: [...found, ...missing.map((to, index) => receiptFor(to, results[index]))] };
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError)) throw thrown;
    const others = open.filter((to) => !found.some((delivery) => delivery.to === to));
    return { deliveries: [...found, ...failedFor(NAME, others, thrown)], error: thrown };
  }
}

/** Whether no mail can have arrived yet: it is the first attempt, or Mailjet said that it did not accept the mail. */
function maySendBlindly(to: string, { attempt }: StepContext, kept: Notification | undefined): boolean {
  if (attempt === 1) return true;
  const before = kept?.deliveries.find((delivery) => delivery.to === to);
  return before?.status === 'failed' && !before.ambiguous;
}

async function mailsFor(
  recipients: readonly string[],
  { message, context, allowedLinkHosts }: Round,
): Promise<readonly Mail[]> {
  const { toHtml, toText } = await import('../markdown/markdown.ts');
  const { subject, priority, body } = message;
  const html = mailHtml({ subject, priority, bodyHtml: toHtml(body, { allowedLinkHosts }), origin: context });
  const text = mailText({ subject, priority, origin: context }, toText(body));
  return recipients.map((address) => ({ to: address, subject, html, text, key: keyOf(address, context) }));
}

/** The same for this recipient on every attempt; it does not contain the address. */
function keyOf(to: string, { idempotencyKey }: StepContext): string {
  return `${idempotencyKey}/${createHash('sha256').update(to).digest('hex').slice(0, 16)}`;
}

function receiptFor(to: string, result: MailResult | undefined): KeptReceipt {
  if (result?.status === 'sent') return { channel: NAME, to, status: 'sent', messageId: result.messageId };
  const { retryable, reason } = result ?? {
    retryable: true,
    reason: 'Mailjet did not report the status of this mail.',
  };
  return { channel: NAME, to, status: 'failed', messageId: null, retryable, reason, ambiguous: retryable };
}

function recipientsOf(to: readonly string[]): readonly string[] {
  const recipients = [...new Set(to.map((address) => address.trim().toLowerCase()))];
  if (recipients.length === 0) throw new PlaybookError('input_invalid', 'A mail needs at least one recipient.');
  if (recipients.length > MAX_RECIPIENTS) {
    throw new PlaybookError(
      'input_invalid',
      `A mail may have at most ${MAX_RECIPIENTS} recipients, not ${recipients.length}; use a mailing list.`,
    );
  }
  return recipients;
}

function refusalOf(to: string, { allowedRecipients }: People): readonly KeptReceipt[] {
  const reason = addressProblem(to, allowedRecipients);
  if (reason === undefined) return [];
  return [{ channel: NAME, to, status: 'failed', messageId: null, retryable: false, reason, ambiguous: false }];
}

/** Delivered, or permanently refused: not to be sent again. */
function isSettled(delivery: KeptReceipt): boolean {
  return delivery.status !== 'failed' || !delivery.retryable;
}

function keptFrom(delivery: Parameters<Channel['deliver']>[1][number]): KeptReceipt {
  return delivery.status === 'failed' ? { ...delivery, ambiguous: delivery.retryable } : delivery;
}
