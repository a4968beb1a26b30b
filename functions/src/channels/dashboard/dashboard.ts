import type { Channel } from '../channel.ts';
import { asDelivery, keepNotification, notificationPath, outgoing, readNotification } from '../notification.ts';
import type { KeptDelivery } from '#records/notifications/notifications.ts';

const NAME = 'dashboard';

/** Shows a message in the console: the document is the message, so there is nothing to send. */
export const dashboard: Channel = {
  name: NAME,
  summary: 'Shows the message in the console.',
  addressed: false,
  async deliver(asked, _earlier, context, ports) {
    const message = outgoing(asked, ports);
    const earlier = await readNotification(ports.documents, NAME, context);
    const messageId = notificationPath(NAME, context);
    const deliveries: readonly KeptDelivery[] = [{ channel: NAME, to: NAME, status: 'sent', messageId }];
    if (earlier === undefined) {
      await keepNotification(ports, { channel: NAME, message, deliveries, earlier }, context);
    }
    return deliveries.map(asDelivery);
  },
};
