import type { KeptReceipt, Notification } from '#records/notifications/notifications.ts';
import { Badge, type Tone } from '../elements/status.tsx';

const STATUS: Readonly<Record<Notification['status'], { tone: Tone; sign: string }>> = {
  sent: { tone: 'ok', sign: '✓' },
  caught: { tone: 'quiet', sign: '⌂' },
  partial: { tone: 'warn', sign: '!' },
  failed: { tone: 'alert', sign: '✕' },
};

/** What became of a message, or of one of its deliveries. */
export const ReceiptBadge = ({ status }: { status: Notification['status'] | KeptReceipt['status'] }) => (
  <Badge {...STATUS[status]}>{status}</Badge>
);

/** How urgent a message is, where it is not as usual. */
export const PriorityBadge = ({ priority }: { priority: Notification['priority'] }) =>
  priority === 'normal' ? null : <Badge tone={priority === 'high' ? 'alert' : 'quiet'}>{`${priority} priority`}</Badge>;
