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
  /** USD of monthly recurring revenue; for a canceled one, what it was. */
  readonly mrr: number;
  readonly status: 'active' | 'canceled';
  readonly startedAt: Date;
  readonly canceledAt: Date | null;
}

/** A change of what a customer pays. */
export interface SubscriptionEvent {
  readonly id: string;
  readonly customerId: string;
  readonly kind: 'new' | 'expansion' | 'contraction' | 'churn';
  /** USD of monthly recurring revenue, always positive. */
  readonly amount: number;
  readonly at: Date;
}

/** The subscriptions of the businesses among the users, and their changes of the last weeks. */
export function subscriptions(everybody: readonly User[], now: Date, random: Random) {
  const businesses = everybody.filter(({ role }) => role === 'dispensary' || role === 'brand');
  const staying = businesses.filter(({ status, paidAt }) => status === 'active' && paidAt !== null);
  const leaving = businesses.filter(({ status }) => status === 'closed');
  const events: SubscriptionEvent[] = [];
  const market: Market = {
    now,
    random,
    instant: (week) => new Date(now.getTime() - Math.round((week + random.next()) * 7 * DAY_MS)),
    record: (event) => void events.push({ id: `event-${String(events.length + 1).padStart(4, '0')}`, ...event }),
  };
  const active = staying.map((user, index) => activeOf(user, index, market));
  const canceled = leaving.map((user, index) => canceledOf(user, index, market));
  return { subscriptions: [...active, ...canceled], events };
}

/** The steps in which subscription prices are set and change. */
interface Market {
  readonly now: Date;
  readonly random: Random;
  /** Some instant in a week, counted back from now. */
  instant(week: number): Date;
  record(event: Omit<SubscriptionEvent, 'id'>): void;
}

function activeOf(user: User, index: number, { now, random, instant, record }: Market): Subscription {
  const customerId = user.id;
  const mrr = random.pick(PLANS);
  const week = Math.floor(index / CHANGES.length) % WEEKS;
  const paidAt = user.paidAt ?? user.createdAt;
  const isNewcomer = now.getTime() - paidAt.getTime() < WEEKS * 7 * DAY_MS;
  const change = isNewcomer ? 'new' : CHANGES[index % CHANGES.length];
  const startedAt = isNewcomer ? paidAt : change === 'new' ? instant(week) : user.createdAt;
  if (change === 'new') record({ customerId, kind: change, amount: mrr, at: startedAt });
  else if (change !== undefined) record({ customerId, kind: change, amount: 50, at: instant(week) });
  return { id: `subscription-${user.id}`, customerId, mrr, status: 'active', startedAt, canceledAt: null };
}

function canceledOf(user: User, index: number, { random, instant, record }: Market): Subscription {
  const customerId = user.id;
  const mrr = random.pick(PLANS);
  const canceledAt = instant(CANCELED_WEEKS_AGO[index % CANCELED_WEEKS_AGO.length] ?? 0);
  record({ customerId, kind: 'churn', amount: mrr, at: canceledAt });
  const { createdAt: startedAt } = user;
  return { id: `subscription-${user.id}`, customerId, mrr, status: 'canceled', startedAt, canceledAt };
}

/** What happened to each of eight older subscriptions in turn: most just continue. */
const CHANGES = ['new', undefined, 'expansion', undefined, undefined, 'contraction', 'expansion', undefined] as const;
