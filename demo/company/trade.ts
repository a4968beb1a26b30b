import { DAY_MS } from '#core/duration.ts';
import type { Random } from './random.ts';
import type { User } from './users.ts';

/** One order of a user. */
export interface Order {
  readonly id: string;
  readonly customerId: string;
  /** USD. */
  readonly amount: number;
  readonly products: readonly string[];
  readonly status: 'paid' | 'fulfilled' | 'refunded';
  readonly createdAt: Date;
}

/** A campaign that a user sent. */
export interface Campaign {
  readonly id: string;
  readonly customerId: string;
  readonly sentAt: Date;
}

/** A question that a user asked. */
export interface Ticket {
  readonly id: string;
  readonly customerId: string;
  readonly subject: string;
  readonly status: 'open' | 'pending' | 'closed';
  readonly createdAt: Date;
}

/** What is sold, in USD. Neighbours are ordered together more often than others. */
const PRODUCTS = [
  ['Citrus gummies', 24.5], ['Berry gummies', 24.5], ['Sleep tincture', 41.25], ['Calm tincture', 38.75],
  ['Day pre-rolls', 18], ['Night pre-rolls', 18], ['House flower 3.5 g', 32.5], ['Reserve flower 3.5 g', 46],
  ['Muscle balm', 29.25], ['Bath soak', 21.5], ['Vape pen', 35], ['Vape cartridge', 27.75],
] as const; // prettier-ignore

const SUBJECTS = [
  'Invoice shows the wrong address',
  'Campaign preview stays empty',
  'Cannot connect the point of sale',
  'Age gate loads slowly',
  'Discount code was refused',
] as const;

/** The orders of each user, back from their last one. */
export function orders(everybody: readonly User[], random: Random): readonly Order[] {
  const each = everybody.flatMap(({ id: customerId, lastOrderAt, createdAt }) => {
    const taste = random.between(0, PRODUCTS.length - 1);
    return back(lastOrderAt, createdAt, random, 8).map((at) => ({ customerId, at, ...basket(taste, random) }));
  });
  return each.map(({ at, ...order }, index) => ({ id: idOf('order', index), ...order, createdAt: at }));
}

/** The campaigns of each user, back from their last one. */
export function campaigns(everybody: readonly User[], random: Random): readonly Campaign[] {
  const each = everybody.flatMap(({ id: customerId, lastCampaignAt, createdAt }) =>
    back(lastCampaignAt, createdAt, random, 2).map((sentAt) => ({ customerId, sentAt })),
  );
  return each.map((campaign, index) => ({ id: idOf('campaign', index), ...campaign }));
}

/** Tickets of every seventh user; a few of them are not resolved. */
export function tickets(everybody: readonly User[], now: Date, random: Random): readonly Ticket[] {
  return everybody
    .filter((_, index) => index % 7 === 0)
    .map(({ id: customerId }, index) => ({
      id: idOf('ticket', index),
      customerId,
      subject: random.pick(SUBJECTS),
      status: index % 8 === 0 ? 'open' : index % 16 === 3 ? 'pending' : 'closed',
      createdAt: new Date(now.getTime() - Math.round((0.5 + random.next() * 20) * DAY_MS)),
    }));
}

/**
 * Up to `most` instants about a week apart, the last one first, none before `first`: each week is much like the next.
 */
function back(last: Date | null, first: Date, random: Random, most: number): readonly Date[] {
  if (last === null) return [];
  const instants: Date[] = [];
  const wanted = random.between(1, most);
  for (let at = last.getTime(); instants.length < wanted && at >= first.getTime();) {
    instants.push(new Date(at));
    at -= Math.round((6.6 + random.next() * 0.8) * DAY_MS);
  }
  return instants;
}

function basket(taste: number, random: Random): Pick<Order, 'products' | 'amount' | 'status'> {
  const chosen = new Map(
    Array.from({ length: random.between(1, 3) }, () => {
      const [name, price] = PRODUCTS[(taste + random.between(0, 3)) % PRODUCTS.length] ?? PRODUCTS[0];
      return [name, price];
    }),
  );
  const amount = [...chosen.values()].reduce((sum, price) => sum + price, 0);
  const luck = random.next();
  return { products: [...chosen.keys()], amount, status: luck < 0.7 ? 'fulfilled' : luck < 0.95 ? 'paid' : 'refunded' };
}

function idOf(kind: string, index: number): string {
  return `${kind}-${String(index + 1).padStart(5, '0')}`;
}
