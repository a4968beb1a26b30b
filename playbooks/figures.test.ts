import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { company } from '../demo/company/company.ts';
import { criteriaOf, demoWorld, outputOf, type DemoWorld } from '../demo/history/demo-world.ts';
import { expectedDay, expectedFigures } from '../demo/company/expected-figures.ts';
import type { App } from '#functions/app.ts';

/** A Friday, five minutes after the daily check is due. */
const NOW = '2026-11-20T14:05:00.000Z';

let world: DemoWorld;
beforeAll(async () => {
  world = await demoWorld();
});
afterAll(() => world.close());

/** The body of the only document of a collection that belongs to an execution. */
async function bodyOf(app: App, collection: string): Promise<string> {
  const [only, ...others] = await app.documents.query({ collection });
  expect(others).toEqual([]);
  return z.object({ body: z.string() }).parse(only?.data).body;
}

function usd(amount: number): string {
  const digits = Number.isInteger(amount) ? 0 : 2;
  return amount.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function percent(share: number): string {
  return share.toLocaleString('en-US', { style: 'percent', maximumFractionDigits: 1 });
}

/** Every row of a table of figures, however deeply quoted: `Signups` → `36`. */
function rowsOf(markdown: string): ReadonlySet<string> {
  return new Set(
    [...markdown.matchAll(/^(?:> ?)*\| ([^|]+) \| ([^|]+) \|$/gm)].map(([, name, value]) => `${name} = ${value}`),
  );
}

describe('on the demo company, recomputed by plain loops', () => {
  const now = new Date(NOW);
  const demoCompany = company(now);
  const expected = expectedFigures(demoCompany, now);

  test('the daily record and its mail hold the figures since the last check', async () => {
    const { app, deliver } = await world.at(NOW);
    const execution = await deliver('ops_daily_health_check');
    const [from, to] = [Date.parse('2026-11-19T14:00:00Z'), Date.parse('2026-11-20T14:00:00Z')];
    const weekMs = 7 * 86_400_000;
    const since = expectedDay(demoCompany, from, to);
    const { activeUsers: _, ...before } = expectedDay(demoCompany, from - weekMs, to - weekMs);
    expect(outputOf(execution, 'stats')).toMatchObject({ ...since, previous: before });
    expect(outputOf(execution, 'last_day')).toMatchObject(since);
    const trends = (['signups', 'revenue', 'orders'] as const).map((figure) =>
      Math.sign(since[figure] - before[figure]),
    );
    expect(criteriaOf(execution)).toEqual({
      integrations_online: [0, 'ok'],
      core_online: [0, 'ok'],
      critical_errors: [since.criticalErrors, since.criticalErrors === 0 ? 'ok' : 'warn'],
      error_rate: [(since.errors / since.requests) * 100, 'ok'],
      signups: [since.signups, 'ok'],
      trends: [trends.reduce<number>((sum, sign) => sum + sign, 0), expect.any(String)],
      api_quota: [expect.closeTo(73), 'ok'],
    });
    const rows = rowsOf(await bodyOf(app, 'playbook_notifications'));
    for (const row of [
      `Signups = ${since.signups}`,
      `Revenue = ${usd(since.revenue)}`,
      `Orders = ${since.orders}`,
      `Requests = ${since.requests.toLocaleString('en-US')}`,
      `Errors = ${since.errors}`,
      `Error rate = ${percent(since.errors / since.requests)}`,
      `Active users = ${since.activeUsers}`,
      `Critical errors = ${since.criticalErrors}`,
    ]) {
      expect(rows).toContain(row);
    }
  });

  test('the weekly record and its thread hold the figures of the week', async () => {
    const { app, deliver } = await world.at(NOW);
    const execution = await deliver('ops_weekly_growth_review');
    const { signups, revenue, atRisk } = expected;
    const growth = (revenue.mrr - revenue.mrrWeekAgo) / revenue.mrrWeekAgo;
    const conversion = (signups.funnel[3] ?? 0) / signups.signups;
    expect(criteriaOf(execution)).toEqual({
      mrr_growth: [expect.closeTo(growth * 100, 9), growth > 0.05 ? 'ok' : growth < 0 ? 'alert' : 'warn'],
      churn_rate: [expect.closeTo((revenue.lost / revenue.subscribersThen) * 100, 9), 'warn'],
      signup_conversion: [expect.closeTo(conversion * 100, 9), 'ok'],
      signups: [signups.signups, 'ok'],
    });
    const rows = rowsOf(await bodyOf(app, 'playbook_threads'));
    for (const row of [
      `Signups = ${signups.signups}`,
      `Previous signups = ${signups.before}`,
      `Change = ${signups.signups - signups.before}`,
      `Conversion rate = ${percent(conversion)}`,
      `MRR = ${usd(revenue.mrr)}`,
      `MRR week ago = ${usd(revenue.mrrWeekAgo)}`,
      `MRR growth = ${percent(growth)}`,
      `Expansion = ${usd(revenue.expansion)}`,
      `Contraction = ${usd(revenue.contraction)}`,
      `Churned dollars = ${usd(revenue.lostMrr)}`,
      `Churned subscribers = ${revenue.lost}`,
      `Churn rate = ${percent(revenue.lost / revenue.subscribersThen)}`,
      `At risk customers = ${atRisk.atRisk.size}`,
      `Total customers = ${atRisk.customers}`,
      `No login = ${atRisk.noLogin}`,
      `No campaigns = ${atRisk.noCampaigns}`,
    ]) {
      expect(rows).toContain(row);
    }
  });

  test('the campaign has a separate mail for every inactive customer, and waits', async () => {
    const { app, deliver } = await world.at(NOW);
    const execution = await deliver('ops_churn_prevention');
    const count = expected.inactive.size;
    expect(criteriaOf(execution)).toEqual({
      inactive_customers: [count, 'ok'],
      inactive_rate: [expect.closeTo((count / expected.atRisk.customers) * 100, 9), 'ok'],
      campaign_in_time: [0, 'ok'],
      personalised: [0, 'ok'],
      approval_required: [true, 'ok'],
    });
    const [thread] = await app.documents.query({ collection: 'playbook_threads' });
    const Draft = z.object({ customerId: z.string(), reason: z.string(), discountCode: z.string(), body: z.string() });
    const { payload, ...opened } = z.looseObject({ payload: z.object({ drafts: z.array(Draft) }) }).parse(thread?.data);
    expect(opened).toMatchObject({
      kind: 'campaign',
      state: 'awaiting_approval',
      title: `Win back ${count} inactive ${count === 1 ? 'customer' : 'customers'}`,
    });
    expect(new Map(payload.drafts.map(({ customerId, reason }) => [customerId, reason]))).toEqual(
      new Map([...expected.inactive].map(([id, reasons]) => [id, reasons[0]])),
    );
    expect(new Set(payload.drafts.map(({ discountCode }) => discountCode)).size).toBe(count);
    for (const { discountCode, body } of payload.drafts) expect(body).toContain(discountCode);
    expect(await app.documents.query({ collection: 'playbook_notifications' })).toEqual([]);
  });

  test('the monitor counts all integrations and finds the slowest answer', async () => {
    const { deliver } = await world.at(NOW);
    const execution = await deliver('ops_integration_monitor');
    const Checked = z.object({ slowestMs: z.number(), integrations: z.array(z.object({ latencyMs: z.number() })) });
    const { slowestMs, integrations } = Checked.parse(outputOf(execution, 'integrations'));
    expect(integrations).toHaveLength(10);
    expect(slowestMs).toBe(Math.max(...integrations.map(({ latencyMs }) => latencyMs)));
    expect(criteriaOf(execution)).toEqual({
      all_online: [0, 'ok'],
      latency: [slowestMs, 'ok'],
      last_success: [0, 'ok'],
    });
  });
});
