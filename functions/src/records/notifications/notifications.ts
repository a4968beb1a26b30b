import { z } from 'zod';
import { Priority } from '#language/playbook/playbook.ts';
import type { Documents, Where } from '#ports/documents/documents.ts';
import { findDocument } from '../store/find-document.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { queryPage, type Page, type PageRequest } from '../store/query-page.ts';

/** The collection of the messages. */
export const NOTIFICATIONS = 'playbook_notifications';

/** What became of a message for one recipient. */
export const KeptReceipt = z.discriminatedUnion('status', [
  z.object({ channel: z.string(), to: z.string(), status: z.enum(['sent', 'caught']), messageId: z.string() }),
  z.object({
    channel: z.string(),
    to: z.string(),
    status: z.literal('failed'),
    messageId: z.null(),
    retryable: z.boolean(),
    reason: z.string(),
    /** The message may have arrived all the same: the answer never came. */
    ambiguous: z.boolean(),
  }),
]);
export type KeptReceipt = z.infer<typeof KeptReceipt>;

/** What is kept of one message on one channel, in `playbook_notifications`. The body is Markdown, as the author wrote it. */
export const Notification = z.object({
  executionId: z.string(),
  playbookId: z.string(),
  stepPath: z.string(),
  channel: z.string(),
  priority: Priority,
  subject: z.string(),
  body: z.string(),
  deliveries: z.array(KeptReceipt),
  status: z.enum(['sent', 'caught', 'failed', 'partial']),
  createdAt: z.date(),
  expireAt: z.date(),
});
export type Notification = z.infer<typeof Notification>;

/** What a list shows of a message: all but its text. */
export const NotificationSummary = Notification.omit({ body: true });
export type NotificationSummary = z.infer<typeof NotificationSummary>;

/** A message as lists show it, with its id. */
export type ListedNotification = NotificationSummary & { readonly id: string };

/** Which messages to list. */
export interface NotificationFilter {
  readonly channel?: string | undefined;
  readonly status?: Notification['status'] | undefined;
  readonly playbookId?: string | undefined;
  readonly executionId?: string | undefined;
}

const select = Object.keys(NotificationSummary.shape);

/** Messages from the newest on, in one query, without their texts. Throws like `queryPage`. */
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
