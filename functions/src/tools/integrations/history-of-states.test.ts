import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import { Integration } from '#language/settings/integrations.ts';
import type { DocumentData, Documents } from '#ports/documents/documents.ts';
import { INTEGRATION_HEALTH_PATH, loadIntegrationHealth } from '#records/health/integration-health.ts';
import { dayOf, hourOf } from '#records/store/utc-periods.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { interleaved } from '#testing/builders/interleaved-documents.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { checkIntegrations } from './check-integrations.ts';
import { rememberProbes } from './integration-history.ts';
import type { Probe } from './probe-integration.ts';

const HOUR_MS = DAY_MS / 24;
const NOON = new Date('2026-11-20T12:00:00.000Z');
const before = (ms: number): Date => new Date(NOON.getTime() - ms);

let documents: Documents;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

function probeOf(status: Probe['status'], latencyMs: number | null = null): Probe {
  const error = status === 'offline' || status === 'unconfigured' ? `It is ${status}.` : null;
  return { status, latencyMs, band: 'ok', error, tries: 1 };
}

async function remember(probe: Probe, at: Date, into = documents, id = 'crm') {
  const integration = Integration.parse({ id, name: id, group: 'CRM', kind: 'external', url: 'https://example.com' });
  const [remembered] = await rememberProbes(into, [{ integration, probe }], at);
  return remembered?.history;
}

const STATUSES = ['online', 'degraded', 'offline', 'unconfigured'] as const;

describe('a check after two failures', () => {
  test.each([
    ['online', { lastSuccessAt: NOON, consecutiveFailures: 0 }],
    ['degraded', { lastSuccessAt: NOON, consecutiveFailures: 0 }],
    ['offline', { lastSuccessAt: before(3 * HOUR_MS), consecutiveFailures: 3 }],
    ['unconfigured', { lastSuccessAt: before(3 * HOUR_MS), consecutiveFailures: 2 }],
  ] as const)('that finds it %s leaves its successes and failures so', async (status, expected) => {
    await remember(probeOf('online', 90), before(3 * HOUR_MS));
    await remember(probeOf('offline', 30), before(2 * HOUR_MS));
    await remember(probeOf('offline'), before(HOUR_MS));

    const history = await remember(probeOf(status), NOON);

    const problem = status === 'offline' || status === 'unconfigured';
    expect(history).toEqual({
      ...expected,
      lastStatus: status,
      lastCheckedAt: NOON,
      lastLatencyMs: 30,
      lastProblem: problem ? { at: NOON, error: `It is ${status}.` } : { at: before(HOUR_MS), error: 'It is offline.' },
      hours: expect.any(Object),
      days: expect.any(Object),
    });
  });
});

describe('the figures of an hour and a day', () => {
  test.each(STATUSES)('count a check that finds it %s where it belongs', async (status) => {
    const history = await remember(probeOf(status, 120), NOON);

    const isUp = status === 'online' || status === 'degraded';
    const figures = {
      up: isUp ? 1 : 0,
      down: status === 'offline' ? 1 : 0,
      degraded: status === 'degraded' ? 1 : 0,
      latencyMs: isUp ? 120 : 0,
      measured: isUp ? 1 : 0,
      worstMs: isUp ? 120 : 0,
    };
    const expected = status === 'unconfigured' ? {} : figures;
    expect(history).toMatchObject({
      hours: status === 'unconfigured' ? {} : { [hourOf(NOON)]: expected },
      days: status === 'unconfigured' ? {} : { [dayOf(NOON)]: expected },
    });
  });

  test.each([
    [[100, 900, 300], 900],
    [[900, 300, 100], 900],
    [[100, 300, 900], 900],
    [[0, 0], 0],
  ])('have the worst latency of %j, whichever came last', async (latencies, worstMs) => {
    for (const latencyMs of latencies) await remember(probeOf('online', latencyMs), NOON);

    const stored = (await loadIntegrationHealth(documents, NOON)).get('crm');
    expect(stored?.past.day).toEqual({
      checks: latencies.length,
      uptime: 1,
      meanMs: latencies.reduce((sum, latencyMs) => sum + latencyMs, 0) / latencies.length,
      worstMs,
    });
  });
});

async function periods(kind: 'hours' | 'days'): Promise<readonly string[]> {
  const stored: DocumentData = (await documents.get(INTEGRATION_HEALTH_PATH))?.data ?? {};
  const crm = Object(Object(stored['integrations'])['crm']);
  return Object.keys(Object(crm[kind])).toSorted();
}

describe('old figures', () => {
  test('of the 24 hours before this one are kept, and earlier ones deleted', async () => {
    for (const hours of [27, 26, 25, 24, 23, 1]) await remember(probeOf('online', 1), before(hours * HOUR_MS));
    await remember(probeOf('online', 1), NOON);

    expect(await periods('hours')).toEqual([24, 23, 1, 0].map((hours) => hourOf(before(hours * HOUR_MS))));
  });

  test('of the 30 days before this one are kept, and earlier ones deleted', async () => {
    for (const days of [33, 32, 31, 30, 29, 1]) await remember(probeOf('online', 1), before(days * DAY_MS));
    await remember(probeOf('online', 1), NOON);

    expect(await periods('days')).toEqual([30, 29, 1, 0].map((days) => dayOf(before(days * DAY_MS))));
  });

  test.each([
    [6, 1],
    [7, 0],
  ])('of %i days before count %i times in the week', async (days, checks) => {
    await remember(probeOf('online', 1), before(days * DAY_MS));

    expect((await loadIntegrationHealth(documents, NOON)).get('crm')?.past.week.checks).toBe(checks);
  });

  test.each([
    [24, 1],
    [25, 0],
  ])('of %i hours before count %i times in the day', async (hours, checks) => {
    await remember(probeOf('online', 1), before(hours * HOUR_MS));

    expect((await loadIntegrationHealth(documents, NOON)).get('crm')?.past.day.checks).toBe(checks);
  });

  test.each([
    [29, 1],
    [30, 0],
  ])('of %i days before count %i times in the month', async (days, checks) => {
    await remember(probeOf('online', 1), before(days * DAY_MS));

    expect((await loadIntegrationHealth(documents, NOON)).get('crm')?.past.month.checks).toBe(checks);
  });
});

describe('a success', () => {
  test.each([
    ['earlier', before(1), NOON],
    ['at the same instant', NOON, NOON],
    ['later', new Date(NOON.getTime() + 1), new Date(NOON.getTime() + 1)],
  ])('of a check whose clock is %s never moves the last success back', async (_, at, expected) => {
    await remember(probeOf('online', 1), NOON);

    expect(await remember(probeOf('online', 1), at)).toMatchObject({ lastSuccessAt: expected });
  });
});

describe('two checks at once', () => {
  test.each([
    ['of which one creates the record', false],
    ['that both change it', true],
  ])('%s are both counted', async (_, exists) => {
    if (exists) await remember(probeOf('offline'), before(HOUR_MS));
    const other = () => remember(probeOf('degraded', 900), NOON);

    const history = await remember(probeOf('offline'), NOON, interleaved(documents, other));

    expect(history).toMatchObject({
      lastSuccessAt: NOON,
      consecutiveFailures: 1,
      days: { [dayOf(NOON)]: { up: 1, down: exists ? 2 : 1, degraded: 1, worstMs: 900 } },
    });
  });

  test('of different integrations keep both', async () => {
    const other = () => remember(probeOf('online', 1), NOON, documents, 'pos');
    await remember(probeOf('online', 1), NOON, interleaved(documents, other));

    expect([...(await loadIntegrationHealth(documents, NOON)).keys()].toSorted()).toEqual(['crm', 'pos']);
  });

  test('of which the other deletes the record begin anew', async () => {
    await remember(probeOf('offline'), before(HOUR_MS));
    const deleted = () => documents.commit([{ kind: 'delete', path: INTEGRATION_HEALTH_PATH }]);

    const history = await remember(probeOf('offline'), NOON, interleaved(documents, deleted));

    expect(history).toMatchObject({ consecutiveFailures: 1 });
    expect((await loadIntegrationHealth(documents, NOON)).get('crm')).toMatchObject({ consecutiveFailures: 1 });
  });
});

describe('a check of nothing', () => {
  test('finds nothing online, and not all of it', async () => {
    const world = { documents, clock: fakeClock(), integrations: [] };

    expect(await checkIntegrations.call({}, toolContext(world))).toMatchObject({
      checked: 0,
      allOnline: false,
      online: [],
      offline: [],
      slowestMs: null,
      oldestSuccessMinutes: null,
      byGroup: [],
    });
  });
});
