import { z } from 'zod';
import type { Platform } from '#language/settings/platform.ts';
import { DAY_MS } from '#core/duration.ts';
import type { Documents } from '#ports/documents/documents.ts';
import {
  customerOf,
  daysSince,
  hasLapsed,
  isCustomer,
  lapsedCounts,
  lapsedCustomers,
  type Customer,
  type Lapse,
} from './customers.ts';
import { inParallel } from '../in-parallel.ts';
import { instantAt, mapped, oneOf, shareOf, textAt } from '../platform/platform-data.ts';
import { defineTool } from '../tool.ts';

const MAX_TICKETS = 200;
const PARALLEL_READS = 10;

const RiskReason = z.enum(['no_login', 'no_campaigns', 'open_tickets']);

/** Customers who may leave: inactive for a long time, or waiting for an answer. */
export const getAtRiskCustomers = defineTool({
  name: 'getAtRiskCustomers',
  summary:
    'Customers without a login in 14 days or a campaign in 30 days, or with unresolved tickets; counted and listed with reasons.',
  effect: 'none',
  input: z.strictObject({
    loginDays: z.number().int().min(1).max(365).default(14),
    campaignDays: z.number().int().min(1).max(365).default(30),
    limit: z.number().int().min(1).max(200).default(25),
  }),
  output: z.object({
    /** The number of all customers. */
    totalCustomers: z.number().int(),
    /** The number of customers at risk for at least one reason, listed or not. */
    atRiskCustomers: z.number().int(),
    /** As a share of all customers; null if there are none. */
    atRiskRate: z.number().nullable(),
    byReason: z.object({ no_login: z.number().int(), no_campaigns: z.number().int(), open_tickets: z.number().int() }),
    /** The number of unresolved tickets. */
    openTickets: z.number().int(),
    /** Whether only the oldest 200 tickets were read, so that `atRiskCustomers` may be too low. */
    ticketsCut: z.boolean(),
    /** Those with the most reasons first; at most `limit`. */
    customers: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        role: z.string(),
        /** `days`: since the last activity (null: never), or since the oldest unresolved ticket was opened. */
        reasons: z.array(z.object({ reason: RiskReason, days: z.number().int().nullable() })),
        openTickets: z.number().int(),
        oldestTicket: z.string().nullable(),
      }),
    ),
  }),
  example: { loginDays: 14, campaignDays: 30, limit: 25 },
  async run({ loginDays, campaignDays, limit }, { ports, clock }) {
    const platform = await ports.settings.platform();
    const { users } = platform;
    const { documents } = ports;
    const now = clock.now();
    const lapses: readonly Lapse<'no_login' | 'no_campaigns'>[] = [
      { kind: 'no_login', field: users.fields.lastLoginAt, before: new Date(now.getTime() - loginDays * DAY_MS) },
      {
        kind: 'no_campaigns',
        field: users.fields.lastCampaignAt,
        before: new Date(now.getTime() - campaignDays * DAY_MS),
      },
    ];
    const [counts, waiting, ...silent] = await Promise.all([
      lapsedCounts(documents, users, lapses),
      customersWithTickets(documents, platform),
      ...lapses.map((lapse) => lapsedCustomers(documents, users, lapse, limit)),
    ]);
    const { tickets } = waiting;
    const onlyWaiting = waiting.customers.filter((customer) => !lapses.some((lapse) => hasLapsed(customer, lapse)));
    const found = new Map([...silent.flat(), ...waiting.customers].map((customer) => [customer.id, customer]));
    const atRisk = counts.any + onlyWaiting.length;
    return {
      totalCustomers: counts.customers,
      atRiskCustomers: atRisk,
      atRiskRate: shareOf(atRisk, counts.customers),
      byReason: {
        no_login: counts.each[0] ?? 0,
        no_campaigns: counts.each[1] ?? 0,
        open_tickets: waiting.customers.length,
      },
      openTickets: waiting.openTickets,
      ticketsCut: waiting.cut,
      customers: [...found.values()]
        .map((customer) => described(customer, lapses, tickets.get(customer.id) ?? [], now))
        .toSorted(byRisk)
        .slice(0, limit),
    };
  },
});

interface Ticket {
  readonly customerId: string;
  readonly subject: string;
  readonly createdAt: Date | null;
}

/** The customers with the oldest unresolved tickets. */
async function customersWithTickets(documents: Documents, platform: Platform) {
  const { users } = platform;
  const { collection, fields, openStatus } = mapped(platform.tickets, 'tickets');
  const where = [oneOf(fields.status, openStatus)];
  const [found, { count: openTickets }] = await Promise.all([
    documents.query({
      collection,
      where,
      orderBy: [{ field: fields.createdAt, direction: 'asc' }],
      limit: MAX_TICKETS,
    }),
    documents.aggregate({ collection, where }),
  ]);
  const tickets = Map.groupBy(
    found.map(({ data }): Ticket => ({
      customerId: textAt(data, fields.customerId),
      subject: textAt(data, fields.subject),
      createdAt: instantAt(data, fields.createdAt),
    })),
    ({ customerId }) => customerId,
  );
  const ids = [...tickets.keys()].filter((id) => id !== '' && !id.includes('/'));
  const stored = await inParallel(ids, PARALLEL_READS, (id) => documents.get(`${users.collection}/${id}`));
  const customers = stored
    .flatMap((document) => (document === undefined ? [] : [customerOf(document, users)]))
    .filter((customer) => isCustomer(customer, users));
  return { tickets, customers, openTickets, cut: openTickets > found.length };
}

function described(
  customer: Customer,
  lapses: readonly Lapse<'no_login' | 'no_campaigns'>[],
  tickets: readonly Ticket[],
  now: Date,
) {
  const [oldest] = tickets;
  const silent = lapses
    .filter((lapse) => hasLapsed(customer, lapse))
    .map(({ kind, field }) => ({ reason: kind, days: daysSince(instantAt(customer.stored.data, field), now) }));
  const waiting =
    oldest === undefined ? [] : [{ reason: 'open_tickets' as const, days: daysSince(oldest.createdAt, now) }];
  return {
    id: customer.id,
    name: customer.name,
    role: customer.role,
    reasons: [...silent, ...waiting],
    openTickets: tickets.length,
    oldestTicket: oldest?.subject ?? null,
  };
}

/** More reasons first, then the longest (never counts as longest), then by id, so that the order is always the same. */
function byRisk(a: ReturnType<typeof described>, b: ReturnType<typeof described>): number {
  return b.reasons.length - a.reasons.length || longest(b) - longest(a) || (a.id < b.id ? -1 : 1);
}

function longest({ reasons }: ReturnType<typeof described>): number {
  return Math.max(...reasons.map(({ days }) => days ?? 100_000));
}
