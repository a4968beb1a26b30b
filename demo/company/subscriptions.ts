import { DAY_MS } from '#core/duration.ts';
import type { Random } from './random.ts';
import type { User } from './users.ts';

const PLANS = [99, 149, 199, 299] as const;
const WEEKS = 4;
const CANCELED_WEEKS_AGO = [0, 1, 2, 0, 3] as const;

/** What a business pays every month. */
export interface Subscription {
  readonly id: string;
  readonly customerId: string;
  /** USD of monthly recurring revenue; what it was for a canceled one. */
  readonly mrr: number;
  readonly status: 'active' | 'canceled';
  readonly startedAt: Date;
  readonly canceledAt: Date | null;
}

/** A change of what is paid. */
export interface SubscriptionEvent {
  readonly id: string;
  readonly customerId: string;
  readonly kind: 'new' | 'expansion' | 'contraction' | 'churn';
  /** USD of monthly recurring revenue, always positive. */
  readonly amount: number;
  readonly at: Date;
}

/** The subscriptions of the businesses among the users, and what happened to them in the last weeks. */
export function subscriptions(everybody: readonly User[], now: Date, random: Random) {
  const businesses = everybody.filter(({ role }) => role === 'dispensary' || role === 'brand');
  const staying = businesses.filter(({ status, paidAt }) => status === 'active' && paidAt !== null);
  const leaving = businesses.filter(({ status }) => status === 'closed');
  const instant = (week: number): Date => new Date(now.getTime() - Math.round((week + random.next()) * 7 * DAY_MS));

  const events: SubscriptionEvent[] = [];
  const record = (customerId: string, kind: SubscriptionEvent['kind'], amount: number, at: Date): void => {
    events.push({ id: `event-${String(events.length + 1).padStart(4, '0')}`, customerId, kind, amount, at });
  };

  const active = staying.map((user, index): Subscription => {
    const mrr = random.pick(PLANS);
    const week = Math.floor(index / CHANGES.length) % WEEKS;
    const paidAt = user.paidAt ?? user.createdAt;
    const isNewcomer = now.getTime() - paidAt.getTime() < WEEKS * 7 * DAY_MS;
    const change = isNewcomer ? 'new' : CHANGES[index % CHANGES.length];
    const startedAt = isNewcomer ? paidAt : change === 'new' ? instant(week) : user.createdAt;
    if (change === 'new') record(user.id, change, mrr, startedAt);
    else if (change !== undefined) record(user.id, change, 50, instant(week));
    return { id: `subscription-${user.id}`, customerId: user.id, mrr, status: 'active', startedAt, canceledAt: null };
  });
  const canceled = leaving.map((user, index): Subscription => {
    const mrr = random.pick(PLANS);
    const canceledAt = instant(CANCELED_WEEKS_AGO[index % CANCELED_WEEKS_AGO.length] ?? 0);
    record(user.id, 'churn', mrr, canceledAt);
    return {
      id: `subscription-${user.id}`,
      customerId: user.id,
      mrr,
      status: 'canceled',
      startedAt: user.createdAt,
      canceledAt,
    };
  });
  return { subscriptions: [...active, ...canceled], events };
}

/** What happened to one of eight older subscriptions in turn: most of them just go on. */
const CHANGES = ['new', undefined, 'expansion', undefined, undefined, 'contraction', 'expansion', undefined] as const;
