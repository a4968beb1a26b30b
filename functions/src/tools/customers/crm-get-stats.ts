import { z } from 'zod';
import type { Platform } from '#language/settings/platform.ts';
import { DAY_MS } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { count, mapped, numberAt, oneOf, shareOf, textAt, within, type Window } from '../platform/platform-data.ts';
import { defineTool } from '../tool.ts';

const WEEK_MS = 7 * DAY_MS;
const MAX_QUOTAS = 100;

const Instant = z.iso.datetime({ offset: true });

const figures = {
  signups: z.number().int(),
  /** USD. */
  revenue: z.number(),
  orders: z.number().int(),
  requests: z.number().int(),
  errors: z.number().int(),
  /** Failed requests as a share of all requests; null without requests. */
  errorRate: z.number().nullable(),
  /** Log entries with a critical severity; null if `platform.yaml` names no logs. */
  criticalErrors: z.number().int().nullable(),
  /** Campaigns sent; null if `platform.yaml` names no campaigns. */
  campaigns: z.number().int().nullable(),
};

const Trend = z.object({
  direction: z.enum(['up', 'flat', 'down']),
  change: z.number(),
  /** The change as a share of the earlier figure; null if that was 0. */
  changeShare: z.number().nullable(),
});

const Quota = z.object({ service: z.string(), used: z.number(), limit: z.number(), usedShare: z.number() });

/** The platform's figures in a time window, and in an earlier one. */
export const crmGetStats = defineTool({
  name: 'crmGetStats',
  summary: 'Platform figures of a time window (by default the last 24 hours), compared with an earlier one.',
  effect: 'none',
  input: z.strictObject({
    since: Instant.optional(),
    until: Instant.optional(),
    /** The preceding window, or the same one a week earlier, which has the same days of the week. */
    compareWith: z.enum(['preceding', 'week_before']).default('preceding'),
  }),
  output: z.object({
    since: z.string(),
    until: z.string(),
    hours: z.number(),
    ...figures,
    /** Users whose last login is in the window. Only the last login is stored, so an earlier window has no such figure. */
    activeUsers: z.number().int(),
    apiQuota: z.object({ worst: Quota.nullable(), usedShare: z.number().nullable(), services: z.array(Quota) }),
    previous: z.object({ since: z.string(), until: z.string(), ...figures }),
    trends: z.object({ signups: Trend, revenue: Trend, orders: Trend, up: z.number(), down: z.number() }),
  }),
  example: { since: '2026-11-19T14:00:00.000Z', until: '2026-11-20T14:00:00.000Z' },
  async run({ since, until, compareWith }, { ports, clock }) {
    const window = windowOf(since, until, clock.now());
    const platform = await ports.settings.platform();
    const earlier = before(window, compareWith);
    const [now, previous, activeUsers, apiQuota] = await Promise.all([
      figuresOf(ports.documents, platform, window),
      figuresOf(ports.documents, platform, earlier),
      count(ports.documents, platform.users.collection, within(platform.users.fields.lastLoginAt, window)),
      quotasOf(ports.documents, platform),
    ]);
    return {
      ...written(window),
      hours: (window.until.getTime() - window.since.getTime()) / 3_600_000,
      ...now,
      activeUsers,
      apiQuota,
      previous: { ...written(earlier), ...previous },
      trends: trendsOf(now, previous),
    };
  },
});

function windowOf(since: string | undefined, until: string | undefined, now: Date): Window {
  const end = until === undefined ? now : new Date(until);
  const start = since === undefined ? new Date(end.getTime() - DAY_MS) : new Date(since);
  if (start < end) return { since: start, until: end };
  throw new PlaybookError(
    'input_invalid',
    `The window of crmGetStats ends (${end.toISOString()}) before it begins (${start.toISOString()}); since must be the earlier time.`,
  );
}

function before({ since, until }: Window, compareWith: 'preceding' | 'week_before'): Window {
  const shiftMs = compareWith === 'week_before' ? WEEK_MS : until.getTime() - since.getTime();
  return { since: new Date(since.getTime() - shiftMs), until: new Date(until.getTime() - shiftMs) };
}

function written({ since, until }: Window): { readonly since: string; readonly until: string } {
  return { since: since.toISOString(), until: until.toISOString() };
}

type Figures = z.infer<z.ZodObject<typeof figures>>;

async function figuresOf(documents: Documents, platform: Platform, window: Window): Promise<Figures> {
  const { users, campaigns, logs } = platform;
  const orders = mapped(platform.orders, 'orders');
  const traffic = mapped(platform.traffic, 'traffic');
  const revenueWhere = [oneOf(orders.fields.status, orders.revenueStatus), ...within(orders.fields.createdAt, window)];
  const trafficSums = [traffic.fields.requests, traffic.fields.errors];
  const [signups, sales, load, criticalErrors, sent] = await Promise.all([
    count(documents, users.collection, within(users.fields.createdAt, window)),
    documents.aggregate({ collection: orders.collection, where: revenueWhere }, [orders.fields.amount]),
    documents.aggregate({ collection: traffic.collection, where: within(traffic.fields.at, window) }, trafficSums),
    logs === undefined
      ? null
      : count(documents, logs.collection, [
          oneOf(logs.fields.severity, logs.critical),
          ...within(logs.fields.at, window),
        ]),
    campaigns === undefined ? null : count(documents, campaigns.collection, within(campaigns.fields.sentAt, window)),
  ]);
  const requests = load.sums[traffic.fields.requests] ?? 0;
  const errors = load.sums[traffic.fields.errors] ?? 0;
  const revenue = sales.sums[orders.fields.amount] ?? 0;
  const errorRate = shareOf(errors, requests);
  return { signups, revenue, orders: sales.count, requests, errors, errorRate, criticalErrors, campaigns: sent };
}

async function quotasOf(documents: Documents, { quotas }: Platform) {
  if (quotas === undefined) return { worst: null, usedShare: null, services: [] };
  const found = await documents.query({ collection: quotas.collection, limit: MAX_QUOTAS });
  const services = found
    .flatMap(({ data }) => {
      const used = numberAt(data, quotas.fields.used);
      const limit = numberAt(data, quotas.fields.limit);
      if (used === null || limit === null || limit <= 0) return [];
      return [{ service: textAt(data, quotas.fields.service), used, limit, usedShare: used / limit }];
    })
    .toSorted((a, b) => b.usedShare - a.usedShare || a.service.localeCompare(b.service, 'en'));
  const worst = services[0] ?? null;
  return { worst, usedShare: worst?.usedShare ?? null, services };
}

function trendsOf(now: Figures, previous: Figures) {
  const signups = trendOf(now.signups, previous.signups);
  const revenue = trendOf(now.revenue, previous.revenue);
  const orders = trendOf(now.orders, previous.orders);
  const directions = [signups, revenue, orders].map(({ direction }) => direction);
  const up = directions.filter((direction) => direction === 'up').length;
  const down = directions.filter((direction) => direction === 'down').length;
  return { signups, revenue, orders, up, down };
}

function trendOf(now: number, previous: number): z.infer<typeof Trend> {
  const change = now - previous;
  const direction = change > 0 ? 'up' : change < 0 ? 'down' : 'flat';
  return { direction, change, changeShare: shareOf(change, previous) };
}
