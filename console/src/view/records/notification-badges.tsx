import type { KeptReceipt, Notification } from '#records/notifications/notifications.ts';
import { Badge, type Tone } from '../elements/status.tsx';

const STATUS: Readonly<Record<Notification['status'], { tone: Tone; sign: string }>> = {
  sent: { tone: 'ok', sign: '✓' },
  caught: { tone: 'quiet', sign: '⌂' },
  partial: { tone: 'warn', sign: '!' },
  failed: { tone: 'alert', sign: '✕' },
};

/** The word for a status: without credentials a message is caught, and so not sent. */
export function receiptWord(status: Notification['status'] | KeptReceipt['status']): string {
  return status === 'caught' ? 'not sent' : status;
}

/** Whether a message, or one of its deliveries, was sent. */
export const ReceiptBadge = ({ status }: { status: Notification['status'] | KeptReceipt['status'] }) => (
  <Badge {...STATUS[status]}>{receiptWord(status)}</Badge>
);

/** The priority of a message, unless it is normal. */
export const PriorityBadge = ({ priority }: { priority: Notification['priority'] }) =>
  priority === 'normal' ? null : <Badge tone={priority === 'high' ? 'alert' : 'quiet'}>{`${priority} priority`}</Badge>;
