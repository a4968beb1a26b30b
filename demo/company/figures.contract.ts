import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Documents } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { tools } from '#tools/index.ts';
import { toolNamed } from '#tools/tool.ts';
import { company } from './company.ts';
import { expectedFigures } from './expected-figures.ts';
import { seedCompany } from './seed-company.ts';

const NOW = '2026-11-20T14:05:00.000Z';

const Cohorts = z.array(z.object({ value: z.string(), signups: z.number() }));
const Reasons = z.array(z.object({ reason: z.string() }));
const Drafts = z.object({
  drafts: z.array(
    z.object({ customerId: z.string(), favourites: z.array(z.string()), recommendations: z.array(z.string()) }),
  ),
});
const Figures = z.looseObject({ customers: z.array(z.looseObject({ id: z.string(), reasons: Reasons })).default([]) });

/** Compares the figures of all tools on one database with those that plain loops find in the generated company. */
export function describeFigures(name: string, open: () => Promise<Documents>): void {
  describe(`the figures on ${name}`, () => {
    const now = new Date(NOW);
    const expected = expectedFigures(company(now), now);
    let documents: Documents;

    beforeAll(async () => {
      documents = await open();
      await seedCompany(documents, now);
    }, 60_000);
    afterAll(() => documents.close());

    async function figures(tool: string, input: unknown = {}): Promise<z.infer<typeof Figures>> {
      return Figures.parse(await toolNamed(tools, tool).call(input, toolContext({ documents, clock: fakeClock(NOW) })));
    }

    test('crmGetStats counts and sums the last day and the day before', async () => {
      const { activeUsers, ...day } = expected.day;
      const { activeUsers: _, ...dayBefore } = expected.dayBefore;
      expect(await figures('crmGetStats')).toMatchObject({
        ...day,
        activeUsers,
        errorRate: day.errors / day.requests,
        apiQuota: { worst: { service: 'Sheets API', used: 219, limit: 300 }, usedShare: 0.73 },
        previous: { ...dayBefore, errorRate: dayBefore.errors / dayBefore.requests },
        trends: {
          signups: { change: day.signups - dayBefore.signups },
          revenue: { change: day.revenue - dayBefore.revenue },
          orders: { change: day.orders - dayBefore.orders },
        },
      });
    });

    test('getSignupAnalytics splits the signups of a week by role, source and stage', async () => {
      const { signups, before, byRole, bySource, funnel } = expected.signups;
      const output = await figures('getSignupAnalytics');
      expect(output).toMatchObject({
        signups,
        previousSignups: before,
        change: signups - before,
        conversionRate: (funnel[3] ?? 0) / signups,
        funnel: funnel.map((reached) => ({ reached, fromSignup: reached / signups })),
      });
      expect(countsIn(output['byRole'])).toEqual(byRole);
      expect(countsIn(output['bySource'])).toEqual(bySource);
    });

    test('getRevenueMetrics finds the revenue that the subscriptions of a week ago add up to', async () => {
      const { mrr, mrrWeekAgo, expansion, contraction, subscribersThen, lost, lostMrr } = expected.revenue;
      expect(await figures('getRevenueMetrics')).toMatchObject({
        mrr,
        mrrWeekAgo,
        mrrGrowth: (mrr - mrrWeekAgo) / mrrWeekAgo,
        expansion,
        contraction,
        churnedDollars: lostMrr,
        churnedSubscribers: lost,
        subscribersWeekAgo: subscribersThen,
        churnRate: lost / subscribersThen,
      });
    });

    test('getAtRiskCustomers counts each customer once, however many reasons apply', async () => {
      const { customers, atRisk, noLogin, noCampaigns, openTickets } = expected.atRisk;
      const output = await figures('getAtRiskCustomers', { limit: 200 });
      expect(output).toMatchObject({
        totalCustomers: customers,
        atRiskCustomers: atRisk.size,
        atRiskRate: atRisk.size / customers,
        byReason: { no_login: noLogin, no_campaigns: noCampaigns, open_tickets: openTickets },
      });
      expect(new Set(output.customers.map(({ id }) => id))).toEqual(atRisk);
    });

    test('getInactiveCustomers lists every inactive customer with all reasons', async () => {
      const output = await figures('getInactiveCustomers');
      expect(output).toMatchObject({
        totalCustomers: expected.atRisk.customers,
        inactiveCustomers: expected.inactive.size,
        inactiveRate: expected.inactive.size / expected.atRisk.customers,
      });
      const listed = output.customers.map(({ id, reasons }) => [id, reasons.map(({ reason }) => reason)] as const);
      expect(new Map(listed)).toEqual(expected.inactive);
    });

    test('draftCampaign recommends every inactive customer’s favourite and something new', async () => {
      const { customers } = await figures('getInactiveCustomers');
      const { drafts } = Drafts.parse(await figures('draftCampaign', { customers }));
      expect(drafts).toHaveLength(expected.inactive.size);
      for (const { customerId, favourites, recommendations } of drafts) {
        expect(favourites[0]).toBe(expected.favourites.get(customerId));
        expect(recommendations.length).toBeGreaterThan(0);
        for (const product of recommendations) expect(favourites).not.toContain(product);
      }
    });

    test('searchLogs finds all errors of a day', async () => {
      const output = await figures('searchLogs', { severity: 'ERROR', limit: 200 });
      expect(output).toMatchObject({ total: expected.errorsOfDay, matched: expected.errorsOfDay });
      expect(expected.errorsOfDay).toBeGreaterThan(0);
    });

    test('the list of inactive customers is cut without changing the counts', async () => {
      const output = await figures('getInactiveCustomers', { limit: 3 });
      expect(output).toMatchObject({ inactiveCustomers: expected.inactive.size });
      expect(output.customers).toHaveLength(3);
    });
  });
}

function countsIn(cohorts: unknown): Readonly<Record<string, number>> {
  return Object.fromEntries(Cohorts.parse(cohorts).map(({ value, signups }) => [value, signups]));
}
