import { z } from 'zod';
import type { Platform } from '#language/settings/platform.ts';
import { DAY_MS } from '#core/duration.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { daysSince, hasLapsed, lapsedCounts, lapsedCustomers, type Customer, type Lapse } from './customers.ts';
import { inParallel } from '../in-parallel.ts';
import { instantAt, shareOf, textsAt } from '../platform/platform-data.ts';
import { defineTool } from '../tool.ts';

const LAST_ORDERS = 5;
const PARALLEL_READS = 5;

/** Why a customer counts as inactive. */
export const InactivityReason = z.enum(['no_login', 'no_orders', 'no_campaigns']);
export type InactivityReason = z.infer<typeof InactivityReason>;

const ReasonDetail = z.object({
  reason: InactivityReason,
  /** Full days since the last activity; null if there was none. */
  days: z.number().int().nullable(),
});

/** Customers who have been inactive for some time. */
export const getInactiveCustomers = defineTool({
  name: 'getInactiveCustomers',
  summary:
    'Customers without a login, an order or a campaign for some days, each with the reason and their last order.',
  effect: 'none',
  input: z.strictObject({
    days: z.number().int().min(1).max(365).default(7),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  output: z.object({
    days: z.number().int(),
    /** The number of all customers. */
    totalCustomers: z.number().int(),
    /** The number of customers inactive for at least one reason, listed or not. */
    inactiveCustomers: z.number().int(),
    /** As a share of all customers; null if there are none. */
    inactiveRate: z.number().nullable(),
    byReason: z.object({ no_login: z.number().int(), no_orders: z.number().int(), no_campaigns: z.number().int() }),
    /** The most inactive first: by number of reasons, then by days; at most `limit`. */
    customers: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        role: z.string(),
        /** The strongest reason: no login before no orders before no campaigns. */
        reason: InactivityReason,
        reasons: z.array(ReasonDetail),
        lastProducts: z.array(z.string()),
      }),
    ),
  }),
  example: { days: 7, limit: 50 },
  async run({ days, limit }, { ports, clock }) {
    const platform = await ports.settings.platform();
    const { users } = platform;
    const now = clock.now();
    const lapses = inactivityOf(users, new Date(now.getTime() - days * DAY_MS));
    const [counts, ...found] = await Promise.all([
      lapsedCounts(ports.documents, users, lapses),
      ...lapses.map((lapse) => lapsedCustomers(ports.documents, users, lapse, limit)),
    ]);
    const silent = new Map(found.flat().map((customer) => [customer.id, customer]));
    const listed = [...silent.values()].toSorted((a, b) => bySilence(a, b, lapses)).slice(0, limit);
    const list = await inParallel(listed, PARALLEL_READS, async (customer) => {
      const reasons = reasonsOf(customer, lapses, now);
      return {
        id: customer.id,
        name: customer.name,
        role: customer.role,
        reason: reasons[0]?.reason ?? 'no_login',
        reasons,
        lastProducts: await lastProducts(ports.documents, platform, customer.id),
      };
    });
    const [no_login = 0, no_orders = 0, no_campaigns = 0] = counts.each;
    return {
      days,
      totalCustomers: counts.customers,
      inactiveCustomers: counts.any,
      inactiveRate: shareOf(counts.any, counts.customers),
      byReason: { no_login, no_orders, no_campaigns },
      customers: list,
    };
  },
});

function inactivityOf({ fields }: Platform['users'], before: Date): readonly Lapse<InactivityReason>[] {
  return [
    { kind: 'no_login', field: fields.lastLoginAt, before },
    { kind: 'no_orders', field: fields.lastOrderAt, before },
    { kind: 'no_campaigns', field: fields.lastCampaignAt, before },
  ];
}

function reasonsOf(customer: Customer, lapses: readonly Lapse<InactivityReason>[], now: Date) {
  return lapses
    .filter((lapse) => hasLapsed(customer, lapse))
    .map(({ kind, field }) => ({ reason: kind, days: daysSince(instantAt(customer.stored.data, field), now) }));
}

/** More lapses first, then the longest inactivity (never counts as longest), then by id, so that the order is always the same. */
function bySilence(a: Customer, b: Customer, lapses: readonly Lapse[]): number {
  const [silentA, silentB] = [a, b].map((customer) => {
    const lapsed = lapses.filter((lapse) => hasLapsed(customer, lapse));
    const last = lapsed.map(({ field }) => instantAt(customer.stored.data, field)?.getTime() ?? 0);
    return { lapses: lapsed.length, oldest: Math.min(...last) };
  });
  if (silentA === undefined || silentB === undefined) return 0;
  return silentB.lapses - silentA.lapses || silentA.oldest - silentB.oldest || (a.id < b.id ? -1 : 1);
}

async function lastProducts(documents: Documents, { orders }: Platform, customerId: string): Promise<string[]> {
  if (orders === undefined) return [];
  const found = await documents.query({
    collection: orders.collection,
    where: [{ field: orders.fields.customerId, op: '==', value: customerId }],
    orderBy: [{ field: orders.fields.createdAt, direction: 'desc' }],
    limit: LAST_ORDERS,
  });
  return [...new Set(found.flatMap(({ data }) => textsAt(data, orders.fields.products)))];
}
