import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import type { DocumentData, Documents } from '#ports/documents/documents.ts';
import { aroundWindows, keep, picker } from '#testing/builders/team-data.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { getAtRiskCustomers } from './get-at-risk-customers.ts';
import { getInactiveCustomers } from './get-inactive-customers.ts';

const clock = fakeClock();
const NOW = clock.now();
const KINDS = { no_login: 'lastLoginAt', no_orders: 'lastOrderAt', no_campaigns: 'lastCampaignAt' } as const;
type Kind = keyof typeof KINDS;

interface User extends DocumentData {
  readonly name: string;
  readonly role: string;
  readonly status: string;
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
  readonly lastOrderAt: Date | null;
  readonly lastCampaignAt: Date | null;
}
interface Ticket extends DocumentData {
  readonly customerId: string;
  readonly status: string;
  readonly subject: string;
  readonly createdAt: Date;
}
interface Order extends DocumentData {
  readonly customerId: string;
  readonly products: readonly string[];
  readonly createdAt: Date;
}

const pick = picker(2026);
const LONG_AGO = new Date(NOW.getTime() - 200 * DAY_MS);
const instants = aroundWindows(NOW, [1, 7, 14, 30]);
const users = new Map(
  Array.from({ length: 180 }, (_, n): [string, User] => [
    `u${n}`,
    {
      name: `User ${n}`,
      role: pick(['customer', 'dispensary', 'brand', 'employee', 'customer']),
      status: pick(['active', 'active', 'closed']),
      createdAt: pick([pick(instants), LONG_AGO, LONG_AGO]),
      lastLoginAt: pick([null, ...instants]),
      lastOrderAt: pick([null, ...instants]),
      lastCampaignAt: pick([null, ...instants]),
    },
  ]),
);
const ids: [string, ...string[]] = ['nobody', ...users.keys()];
const tickets = Array.from({ length: 150 }, (_, n): Ticket => ({
  customerId: pick(ids),
  status: pick(['open', 'pending', 'solved']),
  subject: `Ticket ${n}`,
  createdAt: new Date(NOW.getTime() - Math.floor(((n * 37) % 150) * 0.31 * DAY_MS) - n),
}));
const orders = Array.from({ length: 600 }, (_, n): Order => ({
  customerId: pick(ids),
  products: [pick(['tea', 'coffee', 'cake']), pick(['mug', 'tin', 'spoon', 'jar'])],
  createdAt: new Date(NOW.getTime() - ((n * 101) % 600) * 1000),
}));

let documents: Documents;
beforeAll(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  const numbered = <Row extends DocumentData>(rows: readonly Row[]) => Object.fromEntries(rows.entries());
  await keep(documents, { users: Object.fromEntries(users), tickets: numbered(tickets), orders: numbered(orders) });
});
afterAll(() => documents.close());

/** The customers, computed by loops from what was written. */
const customers = [...users].filter(
  ([, { role, status }]) => status === 'active' && ['customer', 'dispensary', 'brand'].includes(role),
);

function isSilent(user: User, kind: Kind, days: number): boolean {
  const before = NOW.getTime() - days * DAY_MS;
  return user.createdAt.getTime() < before && (user[KINDS[kind]]?.getTime() ?? -1) < before;
}

function fullDays(instant: Date | null): number | null {
  return instant === null ? null : Math.floor((NOW.getTime() - instant.getTime()) / DAY_MS);
}

function share(part: number): number {
  return part / customers.length;
}

function lastProducts(id: string): readonly string[] {
  const own = orders.filter(({ customerId }) => customerId === id);
  const newest = own.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, 5);
  return [...new Set(newest.flatMap(({ products }) => products))];
}

describe.each([1, 7, 14, 30])('customers who were inactive for %i days', (days) => {
  const kinds = ['no_login', 'no_orders', 'no_campaigns'] as const;
  const inactive = customers
    .map(([id, user]) => {
      const silent = kinds.filter((kind) => isSilent(user, kind, days));
      const oldest = Math.min(...silent.map((kind) => user[KINDS[kind]]?.getTime() ?? 0));
      const reasons = silent.map((kind) => ({ reason: kind, days: fullDays(user[KINDS[kind]]) }));
      return { id, user, reasons, oldest };
    })
    .filter(({ reasons }) => reasons.length > 0)
    .toSorted((a, b) => b.reasons.length - a.reasons.length || a.oldest - b.oldest || (a.id < b.id ? -1 : 1));

  test('are counted and listed, each reason with its days and the products of the last five orders', async () => {
    const counted = (kind: Kind): number => customers.filter(([, user]) => isSilent(user, kind, days)).length;

    expect(inactive.length).toBeGreaterThan(5);
    expect(await getInactiveCustomers.call({ days, limit: 200 }, toolContext({ documents, clock }))).toEqual({
      days,
      totalCustomers: customers.length,
      inactiveCustomers: inactive.length,
      inactiveRate: share(inactive.length),
      byReason: {
        no_login: counted('no_login'),
        no_orders: counted('no_orders'),
        no_campaigns: counted('no_campaigns'),
      },
      customers: inactive.map(({ id, user: { name, role }, reasons }) => {
        return { id, name, role, reason: reasons[0]?.reason, reasons, lastProducts: lastProducts(id) };
      }),
    });
  });
});

describe.each([
  [14, 30],
  [30, 7],
  [1, 1],
])('customers at risk after %i days without a login or %i without a campaign', (loginDays, campaignDays) => {
  const limits = { no_login: loginDays, no_campaigns: campaignDays } as const;
  const waiting = Map.groupBy(
    tickets.filter(({ status }) => status !== 'solved'),
    ({ customerId }) => customerId,
  );
  const atRisk = customers
    .map(([id, { name, role, ...user }]) => {
      const silent = (['no_login', 'no_campaigns'] as const)
        .filter((kind) => isSilent({ name, role, ...user }, kind, limits[kind]))
        .map((reason) => ({ reason, days: fullDays(user[KINDS[reason]]) }));
      const own = (waiting.get(id) ?? []).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
      const asked = own.slice(0, 1).map(({ createdAt }) => ({ reason: 'open_tickets', days: fullDays(createdAt) }));
      const oldestTicket = own[0]?.subject ?? null;
      return { id, name, role, reasons: [...silent, ...asked], openTickets: own.length, oldestTicket };
    })
    .filter(({ reasons }) => reasons.length > 0);
  const longest = (one: (typeof atRisk)[number]): number =>
    Math.max(...one.reasons.map(({ days }) => days ?? Infinity));

  test('are counted once whatever their reasons, and listed with those', async () => {
    const having = (wanted: string): number =>
      atRisk.filter(({ reasons }) => reasons.some(({ reason }) => reason === wanted)).length;

    const input = { loginDays, campaignDays, limit: 200 };
    expect(await getAtRiskCustomers.call(input, toolContext({ documents, clock }))).toEqual({
      totalCustomers: customers.length,
      atRiskCustomers: atRisk.length,
      atRiskRate: share(atRisk.length),
      byReason: {
        no_login: having('no_login'),
        no_campaigns: having('no_campaigns'),
        open_tickets: having('open_tickets'),
      },
      openTickets: tickets.filter(({ status }) => status !== 'solved').length,
      ticketsCut: false,
      customers: atRisk.toSorted((a, b) => {
        const [longA, longB] = [longest(a), longest(b)];
        const byLength = longA === longB ? 0 : longB - longA;
        return b.reasons.length - a.reasons.length || byLength || (a.id < b.id ? -1 : 1);
      }),
    });
  });

  test('are so for each reason alone, and for silence and waiting together, of one ticket and of several', () => {
    const sets = new Set(atRisk.map(({ reasons }) => reasons.map(({ reason }) => reason).join(' ')));
    const expected = ['open_tickets', 'no_login', 'no_campaigns', 'no_login no_campaigns open_tickets'];

    expect([...sets]).toEqual(expect.arrayContaining(expected));
    expect(atRisk.some(({ openTickets }) => openTickets > 1)).toBe(true);
  });
});

describe('a list with a limit', () => {
  test.each([1, 2, 7])('of %i customers begins like the whole list of inactive customers', async (limit) => {
    const list = async (most: number) =>
      getInactiveCustomers.call({ days: 7, limit: most }, toolContext({ documents, clock }));
    const [whole, cut] = [await list(200), await list(limit)];

    expect(cut).toMatchObject({ inactiveCustomers: expect.any(Number), customers: { length: limit } });
    expect({ ...Object(cut), customers: [] }).toEqual({ ...Object(whole), customers: [] });
  });
});
