import { logs, quotas, traffic } from './operations.ts';
import { openRandom } from './random.ts';
import { subscriptions } from './subscriptions.ts';
import { campaigns, orders, tickets } from './trade.ts';
import { users } from './users.ts';

/** Everything the demo company has, by the collections in `playbooks/platform.yaml`. */
export type Company = ReturnType<typeof company>;

/**
 * A company of some four hundred users as of `now`: growing slowly, a few customers silent, some tickets open. The same
 * seed and instant give the same company; the number of documents and their ids do not depend on the instant.
 */
export function company(now: Date, seed = 20) {
  const random = openRandom(seed);
  const everybody = users(now, random);
  const { subscriptions: subscribed, events } = subscriptions(everybody, now, random);
  return {
    users: everybody,
    orders: orders(everybody, random),
    subscriptions: subscribed,
    subscription_events: events,
    campaigns: campaigns(everybody, random),
    tickets: tickets(everybody, now, random),
    traffic: traffic(now, random),
    quotas: quotas(),
    logs: logs(now, random),
  };
}
