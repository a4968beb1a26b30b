import { cut } from '#core/cut.ts';
import { isRetryable, type PlaybookError } from '#core/failure.ts';
import { redactor } from '#core/redact/redact.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Ports } from '#ports/ports.ts';
import { type KeptReceipt, Notification, NOTIFICATIONS, outcomeOf } from '#records/notifications/notifications.ts';
import { reachable } from '#records/store/reachable.ts';
import type { MessageReceipt, Message } from './channel.ts';
import { oneLine } from './one-line.ts';
import { parsedRecord } from '#records/store/parsed-record.ts';
import { FIRST_FORMAT } from '#records/store/record-format.ts';

/** Two limits: in visible characters and in code units. A flag is one character, but four code units. */
const SUBJECT_LENGTH = 200;
const SUBJECT_CODE_UNITS = 255;

const NOT_RECORDED = { what: 'The record of what was sent could not be read or written' } as const;
/** Why a post to a shared place was caught. */
export const CAUGHT_POST =
  'there are no credentials for this channel, or the execution was limited to one recipient, so the message was only kept.';

/** The message as it may be sent: without secrets or broken characters, with a one-line subject of at most 200 characters (255 code units). */
export function outgoing(message: Message, ports: Pick<Ports, 'secrets'>): Message {
  const redact = redactor(() => ports.secrets.known());
  const subject = cut(oneLine(redact.text(message.subject)), SUBJECT_CODE_UNITS, SUBJECT_LENGTH);
  return {
    ...message,
    subject: subject === '' ? '(no subject)' : subject,
    body: redact.text(message.body).toWellFormed().replaceAll('\0', ''),
  };
}

/** The path of a message's document: the same on every attempt. */
export function notificationPath(channel: string, { executionId, stepPath }: StepContext): string {
  return `${NOTIFICATIONS}/${executionId}_${stepPath.replaceAll('/', '.')}_${channel}`;
}

/**
 * The record of earlier attempts. A first attempt reads nothing; on a later one, a missing document means that an attempt
 * began and its outcome is unknown. Throws like `reachable`.
 */
export async function readNotification(
  documents: Documents,
  channel: string,
  context: StepContext,
): Promise<Notification | undefined> {
  if (context.attempt === 1) return undefined;
  const stored = await reachable(documents.get(notificationPath(channel, context)), NOT_RECORDED);
  return stored === undefined ? undefined : parsedRecord(Notification, stored);
}

/** Records the result of a message, without secrets that a reason repeats: one write, after sending. Throws like `reachable`. */
export async function keepNotification(
  { documents, secrets }: Pick<Ports, 'documents' | 'secrets'>,
  {
    channel,
    message,
    deliveries,
    earlier,
  }: {
    readonly channel: string;
    readonly message: Message;
    readonly deliveries: readonly KeptReceipt[];
    readonly earlier: Notification | undefined;
  },
  context: StepContext,
): Promise<void> {
  const { executionId, playbookId, stepPath, clock, expireAt } = context;
  const { priority, subject, body } = message;
  const redact = redactor(() => secrets.known());
  const notification = {
    executionId,
    playbookId,
    stepPath,
    channel,
    priority,
    subject,
    body,
    ...outcomeOf(
      deliveries.map((made) => (made.status === 'failed' ? { ...made, reason: redact.text(made.reason) } : made)),
    ),
    createdAt: earlier?.createdAt ?? clock.now(),
    expireAt,
  } satisfies Notification;
  const data = { ...notification, format: FIRST_FORMAT };
  const write = { kind: 'set', path: notificationPath(channel, context), data } as const;
  await reachable(documents.commit([write]), NOT_RECORDED);
}

/** A receipt as the caller of a channel receives it. */
export function asReceipt(kept: KeptReceipt): MessageReceipt {
  if (kept.status !== 'failed') return kept;
  const { ambiguous: _, ...delivery } = kept;
  return delivery;
}

/** A failed receipt for each recipient, for an error that affected all of them. */
export function failedFor(
  channel: string,
  recipients: readonly string[],
  error: PlaybookError,
): readonly KeptReceipt[] {
  const retryable = isRetryable(error);
  const ambiguous = retryable && error.code !== 'rate_limited';
  const reason = cut(error.message, 1000);
  return recipients.map((to) => ({ channel, to, status: 'failed', messageId: null, retryable, reason, ambiguous }));
}
