import type { Channel } from '../channel.ts';
import {
  asReceipt,
  CAUGHT_POST,
  keepNotification,
  notificationPath,
  outgoing,
  readNotification,
} from '../notification.ts';
import type { KeptReceipt } from '#records/notifications/notifications.ts';

const NAME = 'dashboard';

/** Shows a message in the console: the document is the message, so there is nothing to send. */
export const dashboard: Channel = {
  name: NAME,
  label: 'dashboard',
  summary: 'Shows the message in the console.',
  addressed: false,
  reach: 'inside',
  caughtBecause: CAUGHT_POST,
  outsideWords: () => 'A note in Notifications',
  preview: async () => ({ kind: 'markdown' }),
  async deliver(asked, _earlier, context, ports) {
    const message = outgoing(asked, ports);
    const earlier = await readNotification(ports.documents, NAME, context);
    const messageId = notificationPath(NAME, context);
    const deliveries: readonly KeptReceipt[] = [{ channel: NAME, to: NAME, status: 'sent', messageId }];
    if (earlier === undefined) {
      await keepNotification(ports, { channel: NAME, message, deliveries, earlier }, context);
    }
    return deliveries.map(asReceipt);
  },
};
