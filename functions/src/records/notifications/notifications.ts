import { z } from 'zod';
import { Priority } from '#language/playbook/playbook.ts';
import type { Documents, Where } from '#ports/documents/documents.ts';
import { findDocument } from '../store/find-document.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { queryPage, type Page, type PageRequest } from '../store/query-page.ts';

/** The collection of the messages. */
export const NOTIFICATIONS = 'playbook_notifications';

const Sent = z.object({ channel: z.string(), to: z.string(), status: z.literal('sent'), messageId: z.string() });
const Caught = Sent.extend({ status: z.literal('caught') });
const Failed = z.object({
  channel: z.string(),
  to: z.string(),
  status: z.literal('failed'),
  messageId: z.null(),
  retryable: z.boolean(),
  reason: z.string(),
  /** The message may have arrived nevertheless: the answer never came. */
  ambiguous: z.boolean(),
});

/** The result of a delivery to one recipient. */
export const KeptReceipt = z.discriminatedUnion('status', [Sent, Caught, Failed]);
export type KeptReceipt = z.infer<typeof KeptReceipt>;

const summaryFields = {
  executionId: z.string(),
  playbookId: z.string(),
  stepPath: z.string(),
  channel: z.string(),
  priority: Priority,
  subject: z.string(),
  createdAt: z.date(),
  expireAt: z.date(),
};

/**
 * A message as lists show it: everything but its text. Its status follows from its deliveries: `caught` if at least one was,
 * `partial` if some failed and some did not.
 */
export const NotificationSummary = z
  .discriminatedUnion('status', [
    z.object({ ...summaryFields, status: z.literal('sent'), deliveries: z.array(Sent) }),
    z.object({
      ...summaryFields,
      status: z.literal('caught'),
      deliveries: z.array(z.discriminatedUnion('status', [Sent, Caught])),
    }),
    z.object({ ...summaryFields, status: z.literal('failed'), deliveries: z.array(Failed) }),
    z.object({ ...summaryFields, status: z.literal('partial'), deliveries: z.array(KeptReceipt) }),
  ])
  .refine(
    ({ status, deliveries }) => outcomeOf(deliveries).status === status,
    'its status does not match its deliveries',
  )
  .refine(
    ({ channel, deliveries }) => deliveries.every((made) => made.channel === channel),
    'one of its deliveries was made on another channel',
  );
export type NotificationSummary = z.infer<typeof NotificationSummary>;

/** The record of one message on one channel, in `playbook_notifications`. The body is Markdown, as the author wrote it. */
export const Notification = z.intersection(NotificationSummary, z.object({ body: z.string() }));
export type Notification = z.infer<typeof Notification>;

/** The possible results of a message. */
export const NotificationStatus = z.enum(['sent', 'caught', 'failed', 'partial']);

/** The deliveries of a message, and its status. */
export type NotificationOutcome =
  | { readonly status: 'sent'; readonly deliveries: SentDelivery[] }
  | { readonly status: 'caught'; readonly deliveries: (SentDelivery | CaughtDelivery)[] }
  | { readonly status: 'failed'; readonly deliveries: FailedDelivery[] }
  | { readonly status: 'partial'; readonly deliveries: KeptReceipt[] };

type SentDelivery = z.infer<typeof Sent>;
type CaughtDelivery = z.infer<typeof Caught>;
type FailedDelivery = z.infer<typeof Failed>;

/** The status that follows from the deliveries of one message. */
export function outcomeOf(deliveries: readonly KeptReceipt[]): NotificationOutcome {
  const failed = deliveries.filter((made) => made.status === 'failed');
  const arrived = deliveries.filter((made) => made.status !== 'failed');
  const sent = arrived.filter((made) => made.status === 'sent');
  if (failed.length > 0) {
    return arrived.length === 0
      ? { status: 'failed', deliveries: failed }
      : { status: 'partial', deliveries: [...deliveries] };
  }
  return sent.length === arrived.length
    ? { status: 'sent', deliveries: sent }
    : { status: 'caught', deliveries: arrived };
}

/** A message as lists show it, with its id. */
export type ListedNotification = NotificationSummary & { readonly id: string };

/** Which messages to list. */
export interface NotificationFilter {
  readonly channel?: string | undefined;
  readonly status?: Notification['status'] | undefined;
  readonly playbookId?: string | undefined;
  readonly executionId?: string | undefined;
}

const select = ['format', 'status', 'deliveries', ...Object.keys(summaryFields)];

/** Messages, newest first, in one query, without their texts. Throws like `queryPage`. */
export async function listNotifications(
  documents: Documents,
  { channel, status, playbookId, executionId }: NotificationFilter,
  page: PageRequest,
): Promise<Page<ListedNotification>> {
  const where: Where[] = Object.entries({ channel, status, playbookId, executionId }).flatMap(([field, value]) =>
    value === undefined ? [] : [{ field, op: '==', value }],
  );
  const orderBy = [{ field: 'createdAt', direction: 'desc' }] as const;
  return queryPage(documents, { collection: NOTIFICATIONS, where, orderBy, select }, page, (stored) => ({
    id: stored.id,
    ...parsedRecord(NotificationSummary, stored),
  }));
}

/** The message of this id, or undefined. Throws `unavailable`, and `internal` when the record is not one. */
export async function loadNotification(documents: Documents, id: string): Promise<Notification | undefined> {
  const stored = await findDocument(documents, NOTIFICATIONS, id);
  return stored === undefined ? undefined : parsedRecord(Notification, stored);
}
