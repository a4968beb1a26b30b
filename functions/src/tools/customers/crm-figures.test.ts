import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import type { DocumentData, Documents } from '#ports/documents/documents.ts';
import { keep, picker, type Rows } from '#testing/builders/team-data.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { projectPlatform, toolContext } from '#testing/builders/tool-context.ts';
import { crmGetStats } from './crm-get-stats.ts';

const clock = fakeClock();
const NOW = clock.now();
const HOUR_MS = DAY_MS / 24;

/** Just before, at and just behind each edge of the windows that are asked for below. */
const EDGES = [0, 6, 24, 30, 48, 24 * 7, 24 * 8].flatMap((hours) =>
  [-1, 0, 1].map((ms) => new Date(NOW.getTime() - hours * HOUR_MS + ms)),
);
const instants: [Date, ...Date[]] = [new Date(0), ...EDGES];
const pick = picker(7);

function rows<Row extends DocumentData>(count: number, row: (n: number) => Row): readonly Row[] {
  return Array.from({ length: count }, (_, n) => row(n));
}
const users = rows(200, () => ({ createdAt: pick(instants), lastLoginAt: pick([null, ...instants]) }));
const orders = rows(300, () => ({
  createdAt: pick(instants),
  status: pick(['paid', 'fulfilled', 'refunded', 'open']),
  amount: pick([1, 2.5, 16, 0]),
}));
const traffic = rows(200, () => ({ at: pick(instants), requests: pick([10, 100]), errors: pick([0, 1, 3]) }));
const logs = rows(200, () => ({
  at: pick(instants),
  severity: pick(['INFO', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY']),
}));
const campaigns = rows(200, () => ({ sentAt: pick([null, ...instants]) }));

const numbered = (all: readonly DocumentData[]): Rows => Object.fromEntries(all.entries());
let documents: Documents;
beforeAll(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  const all = { users, orders, traffic, logs, campaigns };
  await keep(documents, Object.fromEntries(Object.entries(all).map(([name, list]) => [name, numbered(list)])));
});
afterAll(() => documents.close());

function call(input: object): Promise<unknown> {
  return crmGetStats.call(input, toolContext({ documents, clock }));
}

/** The figures from `fromHours` ago until `toHours` ago, by loops. */
function figures(fromHours: number, toHours: number) {
  const [since, until] = [fromHours, toHours].map((hours) => new Date(NOW.getTime() - hours * HOUR_MS));
  if (since === undefined || until === undefined) throw new Error('A window has two ends.');
  const isIn = (at: Date | null): boolean => at !== null && at >= since && at < until;
  const sales = orders.filter(({ createdAt, status }) => isIn(createdAt) && ['paid', 'fulfilled'].includes(status));
  const load = traffic.filter(({ at }) => isIn(at));
  const requests = load.reduce((sum, one) => sum + one.requests, 0);
  const errors = load.reduce((sum, one) => sum + one.errors, 0);
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    signups: users.filter(({ createdAt }) => isIn(createdAt)).length,
    revenue: sales.reduce((sum, { amount }) => sum + amount, 0),
    orders: sales.length,
    requests,
    errors,
    errorRate: requests === 0 ? null : errors / requests,
    criticalErrors: logs.filter(({ at, severity }) => isIn(at) && !['INFO', 'ERROR'].includes(severity)).length,
    campaigns: campaigns.filter(({ sentAt }) => isIn(sentAt)).length,
  };
}

function activeUsers(fromHours: number, toHours: number): number {
  const [fromMs, toMs] = [fromHours, toHours].map((hours) => NOW.getTime() - hours * HOUR_MS);
  const logins = users.map(({ lastLoginAt }) => lastLoginAt?.getTime() ?? Number.NaN);
  return logins.filter((at) => at >= (fromMs ?? 0) && at < (toMs ?? 0)).length;
}

const at = (hours: number): string => new Date(NOW.getTime() - hours * HOUR_MS).toISOString();

describe('the figures of the platform', () => {
  test.each([
    ['the last 24 hours', {}, [24, 0], [48, 24]],
    ['the last 24 hours, a week before', { compareWith: 'week_before' }, [24, 0], [24 * 8, 24 * 7]],
    ['24 hours that have ended', { until: at(6) }, [30, 6], [54, 30]],
    ['from an instant until now', { since: at(6) }, [6, 0], [12, 6]],
    ['between two instants', { since: at(48), until: at(24) }, [48, 24], [72, 48]],
  ] as const)('of %s are those of the data, and so are those of the window before', async (_, input, now, before) => {
    const { since, until, ...previous } = figures(before[0], before[1]);
    expect(await call(input)).toEqual({
      ...figures(now[0], now[1]),
      hours: now[0] - now[1],
      activeUsers: activeUsers(now[0], now[1]),
      apiQuota: { worst: null, usedShare: null, services: [] },
      previous: { since, until, ...previous },
      trends: expect.any(Object),
    });
  });

  test('of a window of a millisecond are those of that millisecond', async () => {
    const until = new Date(NOW.getTime() - 24 * HOUR_MS + 1).toISOString();
    const exact = users.filter(({ createdAt }) => createdAt.getTime() === NOW.getTime() - 24 * HOUR_MS);

    expect(exact.length).toBeGreaterThan(0);
    expect(await call({ since: at(24), until })).toMatchObject({ signups: exact.length, hours: 1 / 3_600_000 });
  });

  test.each([
    ['is empty', { since: at(24), until: at(24) }],
    ['ends a millisecond before it begins', { since: new Date(NOW.getTime() + 1).toISOString() }],
    ['is empty because it begins now', { since: at(0) }],
  ])('of a window that %s are refused', async (_, input) => {
    await expect(call(input)).rejects.toMatchObject({ code: 'input_invalid' });
  });
});

describe('the trend of a figure', () => {
  test.each([
    [3, 2, { direction: 'up', change: 1, changeShare: 0.5 }],
    [2, 2, { direction: 'flat', change: 0, changeShare: 0 }],
    [2, 4, { direction: 'down', change: -2, changeShare: -0.5 }],
    [0, 0, { direction: 'flat', change: 0, changeShare: null }],
    [1, 0, { direction: 'up', change: 1, changeShare: null }],
    [0, 4, { direction: 'down', change: -4, changeShare: -1 }],
  ])('from %i now and %i before is %j', async (now, before, trend) => {
    const other = sqliteDocuments({ file: ':memory:' });
    const signedUp = [...rows(now, () => ({ createdAt: new Date(NOW.getTime() - 1) }))];
    const earlier = rows(before, () => ({ createdAt: new Date(NOW.getTime() - 30 * HOUR_MS) }));
    await keep(other, { users: numbered([...signedUp, ...earlier]) });

    const isUp = trend.direction === 'up' ? 1 : 0;
    const isDown = trend.direction === 'down' ? 1 : 0;
    const flat = { direction: 'flat', change: 0, changeShare: null };
    expect(await crmGetStats.call({}, toolContext({ documents: other, clock }))).toMatchObject({
      trends: { signups: trend, revenue: flat, orders: flat, up: isUp, down: isDown },
    });
    await other.close();
  });
});

describe('a quota', () => {
  test('without a limit, or without a number, is left out; of the others the fullest is the worst', async () => {
    const other = sqliteDocuments({ file: ':memory:' });
    const quota = (service: string, used: number | null, limit: number | string | null) => ({ service, used, limit });
    const quotas = [
      quota('none', 5, 0),
      quota('negative', 5, -1),
      quota('no limit', 5, null),
      quota('no use', null, 10),
      quota('text', 5, '10'),
      quota('half', 5, 10),
      quota('over', 11, 10),
      quota('also over', 22, 20),
      quota('idle', 0, 10),
    ];
    await keep(other, { quotas: numbered(quotas) });

    const shown = (service: string, used: number, limit: number) => ({ service, used, limit, usedShare: used / limit });
    const worst = shown('also over', 22, 20);
    const services = [worst, shown('over', 11, 10), shown('half', 5, 10), shown('idle', 0, 10)];
    expect(await crmGetStats.call({}, toolContext({ documents: other, clock }))).toMatchObject({
      apiQuota: { worst, usedShare: 1.1, services },
    });
    await other.close();
  });
});

describe('a platform', () => {
  test.each([
    ['logs', { criticalErrors: null }],
    ['campaigns', { campaigns: null }],
    ['quotas', { apiQuota: { worst: null, usedShare: null, services: [] } }],
  ])('without %s has no such figure', async (part, expected) => {
    const platform = { ...projectPlatform, [part]: undefined };

    expect(await crmGetStats.call({}, toolContext({ documents, clock, platform }))).toMatchObject(expected);
  });

  test.each(['orders', 'traffic'])('without %s has to name them', async (part) => {
    const platform = { ...projectPlatform, [part]: undefined };

    await expect(crmGetStats.call({}, toolContext({ documents, clock, platform }))).rejects.toMatchObject({
      code: 'unconfigured',
      message: expect.stringContaining(part),
    });
  });
});
