import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { keep } from '#testing/builders/team-data.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { getAtRiskCustomers } from './get-at-risk-customers.ts';

const clock = fakeClock();
const daysAgo = (days: number): Date => new Date(clock.now().getTime() - days * DAY_MS);

let documents: Documents;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

function aUser(over: object = {}) {
  const seen = { lastLoginAt: daysAgo(1), lastCampaignAt: daysAgo(1), lastOrderAt: null };
  return { name: 'A', role: 'customer', status: 'active', createdAt: daysAgo(90), ...seen, ...over };
}

function ticket(customerId: string, age: number, status = 'open') {
  return { customerId, status, subject: `${customerId}, ${age} days`, createdAt: daysAgo(age) };
}

function call(limit = 25) {
  return getAtRiskCustomers.call({ limit }, toolContext({ documents, clock }));
}

describe('unresolved tickets', () => {
  test.each([
    [199, false],
    [200, false],
    [201, true],
  ])('%i of them are all looked at, or their number says that they are cut: %s', async (count, ticketsCut) => {
    const tickets = Array.from({ length: count }, (_, n) => [`t${n}`, ticket('a', 1 + n)] as const);
    await keep(documents, { users: { a: aUser() }, tickets: Object.fromEntries(tickets) });

    expect(await call()).toMatchObject({
      openTickets: count,
      ticketsCut,
      atRiskCustomers: 1,
      customers: [{ openTickets: Math.min(count, 200), oldestTicket: `a, ${count} days` }],
    });
  });

  test('that are too many are looked at from the oldest, so that nobody waits longest unseen', async () => {
    const many = Array.from({ length: 199 }, (_, n) => [`t${n}`, ticket('b', 2 + n / 1000)] as const);
    const tickets = { ...Object.fromEntries(many), z: ticket('c', 1), oldest: ticket('a', 50) };
    await keep(documents, { users: { a: aUser(), b: aUser(), c: aUser() }, tickets });

    expect(await call()).toMatchObject({
      ticketsCut: true,
      openTickets: 201,
      atRiskCustomers: 2,
      customers: [
        { id: 'a', oldestTicket: 'a, 50 days', reasons: [{ reason: 'open_tickets', days: 50 }] },
        { id: 'b', openTickets: 199 },
      ],
    });
  });

  test('of one customer are told by the oldest', async () => {
    const tickets = {
      t1: ticket('a', 3),
      t2: ticket('a', 9, 'pending'),
      t3: ticket('a', 20, 'solved'),
      t4: ticket('a', 5),
    };
    await keep(documents, { users: { a: aUser() }, tickets });

    expect(await call()).toMatchObject({
      customers: [{ openTickets: 3, oldestTicket: 'a, 9 days', reasons: [{ reason: 'open_tickets', days: 9 }] }],
    });
  });

  test('of nobody, of an unknown customer, of an employee or of an impossible id put nobody at risk', async () => {
    const users = { employee: aUser({ role: 'employee' }), gone: aUser({ status: 'closed' }), a: aUser() };
    const of = ['', 'unknown', 'employee', 'gone', 'a/b'];
    await keep(documents, { users, tickets: Object.fromEntries(of.map((id, n) => [`t${n}`, ticket(id, 3)])) });

    expect(await call()).toMatchObject({ totalCustomers: 1, atRiskCustomers: 0, openTickets: 5, customers: [] });
  });
});

describe('the list of customers at risk', () => {
  test('has those with more reasons first, then who never came, then the longest absent, then by id', async () => {
    const silent = (lastLoginAt: Date | null) => aUser({ lastLoginAt });
    const users = {
      e: silent(daysAgo(20)),
      d: silent(daysAgo(20)),
      c: silent(daysAgo(60)),
      b: silent(null),
      a: silent(daysAgo(15)),
      f: aUser({ lastLoginAt: daysAgo(15), lastCampaignAt: daysAgo(31) }),
    };
    await keep(documents, { users, tickets: { t: ticket('a', 1) } });

    const listed = async (limit: number) => Object(await call(limit)).customers.map(({ id }: { id: string }) => id);
    expect(await listed(200)).toEqual(['f', 'a', 'b', 'c', 'd', 'e']);
  });
});
