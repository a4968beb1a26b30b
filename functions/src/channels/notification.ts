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
import { RECORD_FORMAT } from '#records/store/record-format.ts';

/** As people count, and as JavaScript does: a flag is one character for the one and four for the other. */
const SUBJECT_LENGTH = 200;
const SUBJECT_CODE_UNITS = 255;

const NOT_RECORDED = { what: 'The record of what was sent could not be read or written' } as const;
/** Why a post to one place for all was caught. */
export const CAUGHT_POST =
  'there are no credentials for this channel, or the execution was limited to one recipient, so the message was only kept.';

/** The message as it may leave: no secret in it, a subject of one line of at most 200 characters (255 code units), no broken letters. */
export function outgoing(message: Message, ports: Pick<Ports, 'secrets'>): Message {
  const redact = redactor(() => ports.secrets.known());
  const subject = cut(oneLine(redact.text(message.subject)), SUBJECT_CODE_UNITS, SUBJECT_LENGTH);
  return {
    ...message,
    subject: subject === '' ? '(no subject)' : subject,
    body: redact.text(message.body).toWellFormed().replaceAll('\0', ''),
  };
}

/** The document of one message: the same on every attempt. */
export function notificationPath(channel: string, { executionId, stepPath }: StepContext): string {
  return `${NOTIFICATIONS}/${executionId}_${stepPath.replaceAll('/', '.')}_${channel}`;
}

/**
 * What the attempts before this one left. Nothing is read on a first attempt; on a later one, no document means that an
 * attempt began and its end is not known. Throws like `reachable`.
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

/** Keeps what became of a message, without secrets that a reason repeats: one write, after it was sent. Throws like `reachable`. */
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
  const data = { ...notification, format: RECORD_FORMAT };
  const write = { kind: 'set', path: notificationPath(channel, context), data } as const;
  await reachable(documents.commit([write]), NOT_RECORDED);
}

/** A receipt as the caller of a channel gets it. */
export function asReceipt(kept: KeptReceipt): MessageReceipt {
  if (kept.status !== 'failed') return kept;
  const { ambiguous: _, ...delivery } = kept;
  return delivery;
}

/** The receipt of a failure for each recipient, of an error that concerned all of them. */
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
