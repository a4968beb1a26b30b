import { z } from 'zod';
import { NotificationStatus } from '#records/notifications/notifications.ts';

const OptionalWord = z
  .string()
  .max(300)
  .transform((word) => (word === '' ? undefined : word))
  .optional()
  .catch(undefined);
/** What an address asks of the messages; anything unknown is left out. */
export const NotificationsWish = z.object({
  channel: OptionalWord,
  status: NotificationStatus.optional().catch(undefined),
  playbook: OptionalWord,
  execution: OptionalWord,
  after: z.string().optional(),
});
export type NotificationsWish = z.infer<typeof NotificationsWish>;
