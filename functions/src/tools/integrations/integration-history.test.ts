import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Integration } from '#language/settings/integrations.ts';
import { DAY_MS } from '#core/duration.ts';
import { weighDocument } from '#ports/documents/document-writes.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { INTEGRATION_HEALTH_PATH, loadIntegrationHealth } from '#records/health/integration-health.ts';
import { lastDays, lastHours } from '#records/store/utc-periods.ts';
import { rememberProbes } from './integration-history.ts';
import type { Probe } from './probe-integration.ts';

const HOUR_MS = DAY_MS / 24;
const NOON = new Date('2026-11-20T12:00:00.000Z');
const hoursAgo = (hours: number): Date => new Date(NOON.getTime() - hours * HOUR_MS);
let documents: Documents;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

async function remember(status: Probe['status'], at: Date, latencyMs: number | null = 100, id = 'crm'): Promise<void> {
  await rememberProbe({ status, latencyMs, band: 'ok', error: null, tries: 1 }, at, id);
}

async function rememberProbe(probe: Probe, at: Date, id = 'crm'): Promise<void> {
  const integration = Integration.parse({ id, name: id, group: 'CRM', kind: 'external', url: 'https://example.com' });
  await rememberProbes(documents, [{ integration, probe }], at);
}

async function healthOf(id: string, now = NOON) {
  const health = (await loadIntegrationHealth(documents, now)).get(id);
  if (health === undefined) throw new Error(`${id} was never checked.`);
  return health;
}

describe('the health of an integration', () => {
  test('is the share of answered checks, including slow ones, over a day, a week and a month', async () => {
    await remember('offline', hoursAgo(20 * 24), null);
    await remember('offline', hoursAgo(5 * 24), null);
    await remember('online', hoursAgo(3), 100);
    await remember('degraded', hoursAgo(2), 900);
    await remember('offline', hoursAgo(1), 30);
    await remember('online', NOON, 200);

    const { past } = await healthOf('crm');

    expect(past.day).toEqual({ checks: 4, uptime: 0.75, meanMs: 400, worstMs: 900 });
    expect(past.week).toMatchObject({ checks: 5, uptime: 0.6 });
    expect(past.month).toMatchObject({ checks: 6, uptime: 0.5 });
  });

  test('keeps the last problem, shortened, even after it is resolved', async () => {
    const offline = { status: 'offline', latencyMs: null, band: 'unknown', tries: 3 } as const;
    await rememberProbe({ ...offline, error: 'It did not answer.' }, hoursAgo(3));
    await rememberProbe({ ...offline, error: `HTTP 500: ${'x'.repeat(5_000)}` }, hoursAgo(2));
    await remember('online', NOON);

    const { lastProblem } = await healthOf('crm');

    expect(lastProblem?.at).toEqual(hoursAgo(2));
    expect(lastProblem?.error).toMatch(/^HTTP 500: x+…$/);
    expect(lastProblem?.error).toHaveLength(400);
  });

  test('is unknown where nothing was measured', async () => {
    await remember('offline', hoursAgo(40), null);

    const { past, hours, days } = await healthOf('crm');

    expect(past.day).toEqual({ checks: 0, uptime: null, meanMs: null, worstMs: null });
    expect(past.week).toEqual({ checks: 1, uptime: 0, meanMs: null, worstMs: null });
    expect(hours.every(({ uptime }) => uptime === null)).toBe(true);
    expect(days.find(({ period }) => period === '2026-11-18')).toMatchObject({ checks: 1, down: 1, uptime: 0 });
  });

  test('does not count checks without credentials, but reports them', async () => {
    await remember('online', hoursAgo(1));
    await remember('unconfigured', NOON, null);

    expect(await healthOf('crm')).toMatchObject({
      lastStatus: 'unconfigured',
      lastCheckedAt: NOON,
      lastSuccessAt: hoursAgo(1),
      lastLatencyMs: 100,
      consecutiveFailures: 0,
      past: { day: { checks: 1, uptime: 1 } },
    });
  });

  test('has a point for each of 25 hours and 30 days, the oldest first', async () => {
    await remember('degraded', NOON, 300);

    const { hours, days } = await healthOf('crm');

    expect(hours.map(({ period }) => period)).toEqual(lastHours(NOON, 25));
    expect(days.map(({ period }) => period)).toEqual(lastDays(NOON, 30));
    expect(hours.at(-1)).toEqual({
      period: '2026-11-20T12',
      checks: 1,
      down: 0,
      degraded: 1,
      uptime: 1,
      meanMs: 300,
      worstMs: 300,
    });
  });

  test('takes at most 8 kB, for any number of checks', async () => {
    for (let hour = 24 * 40; hour >= 0; hour -= 1) {
      for (const status of ['online', 'degraded', 'offline'] as const) await remember(status, hoursAgo(hour), 1_234.5);
    }

    const stored = await documents.get(INTEGRATION_HEALTH_PATH);
    expect(weighDocument(INTEGRATION_HEALTH_PATH, stored?.data ?? {})).toBeLessThan(8_000);
    expect(stored?.data).toMatchObject({ integrations: { crm: { consecutiveFailures: 1 } } });
  }, 20_000);

  test('continues records from before figures were kept, and drops what it cannot read', async () => {
    const before = { lastCheckedAt: hoursAgo(2), lastSuccessAt: null, lastLatencyMs: null, consecutiveFailures: 3 };
    const integrations = { crm: before, pos: { lastCheckedAt: 'yesterday' } };
    await documents.commit([{ kind: 'set', path: INTEGRATION_HEALTH_PATH, data: { integrations } }]);

    await remember('offline', NOON, null);

    expect(await healthOf('crm')).toMatchObject({ consecutiveFailures: 4, past: { day: { checks: 1 } } });
    expect([...(await loadIntegrationHealth(documents, NOON)).keys()]).toEqual(['crm']);
  });

  test('loses nothing to a check whose clock is slightly behind', async () => {
    await remember('online', NOON);
    await remember('online', hoursAgo(0.5), 100, 'crm');

    expect((await healthOf('crm')).past.day.checks).toBe(2);
  });
});
