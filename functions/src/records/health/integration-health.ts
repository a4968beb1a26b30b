import { z } from 'zod';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { refuseLaterFormat } from '../store/record-format.ts';
import { reachable } from '../store/reachable.ts';
import { lastDays, lastHours } from '../store/utc-periods.ts';

/** The document that holds what is remembered of all integrations. */
export const INTEGRATION_HEALTH_PATH = 'playbook_metrics/integrations';

/** How far back figures go: 24 whole hours and the present one, 30 whole days and the present one. */
export const KEPT_HOURS = 25;
export const KEPT_DAYS = 31;

/** What the checks of one hour or day came to. Those without credentials are in none. */
export const ProbeFigures = z
  .object({
    /** Checks that were answered as they must, the slow ones included. */
    up: z.number(),
    down: z.number(),
    /** Those of `up` that were slow. */
    degraded: z.number(),
    /** Of `measured` answers, together. */
    latencyMs: z.number(),
    measured: z.number(),
    worstMs: z.number(),
  })
  .refine(
    ({ up, degraded, measured, down }) => degraded <= up && measured <= up + down,
    'it counts more than there were',
  );
export type ProbeFigures = z.infer<typeof ProbeFigures>;

const historyFields = {
  lastCheckedAt: z.date(),
  lastLatencyMs: z.number().nullable(),
  /** What was wrong the last time that something was, also where it is well again. */
  lastProblem: z.object({ at: z.date(), error: z.string() }).nullable().default(null),
  hours: z.record(z.string(), ProbeFigures).default({}),
  days: z.record(z.string(), ProbeFigures).default({}),
};
const failuresSoFar = z.number().int().nonnegative();

/**
 * What is remembered of one integration, by hour (`2026-11-20T14`) and day (`2026-11-20`), UTC. One that answered last has a
 * last success and no failures since. The first ones did not say how they were last.
 */
export const IntegrationHistory = z.union([
  z.object({
    ...historyFields,
    lastStatus: z.enum(['online', 'degraded']),
    lastSuccessAt: z.date(),
    consecutiveFailures: z.literal(0),
  }),
  z.object({
    ...historyFields,
    lastStatus: z.literal('offline'),
    lastSuccessAt: z.date().nullable(),
    consecutiveFailures: failuresSoFar.positive(),
  }),
  z.object({
    ...historyFields,
    lastStatus: z.literal('unconfigured').optional(),
    lastSuccessAt: z.date().nullable(),
    consecutiveFailures: failuresSoFar,
  }),
]);
export type IntegrationHistory = z.infer<typeof IntegrationHistory>;

/** How an integration was over some time. All null where it was not checked; latencies also where nothing was measured. */
export interface HealthFigures {
  readonly checks: number;
  /** The share of checks that were answered as they must, from 0 to 1. */
  readonly uptime: number | null;
  readonly meanMs: number | null;
  readonly worstMs: number | null;
}

/** One hour or day of a chart. */
export interface HealthPoint extends HealthFigures {
  /** `2026-11-20T14` or `2026-11-20`, UTC. */
  readonly period: string;
  readonly down: number;
  readonly degraded: number;
}

/** How one integration is and was. */
export interface IntegrationHealth extends Omit<IntegrationHistory, 'hours' | 'days'> {
  /** Over the present hour and the 24 before it; over the present day and the 6 or 29 before it. */
  readonly past: { readonly day: HealthFigures; readonly week: HealthFigures; readonly month: HealthFigures };
  /** 25 hours and 30 days, the oldest first, those without checks included. */
  readonly hours: readonly HealthPoint[];
  readonly days: readonly HealthPoint[];
}

/** How every integration that was ever checked is and was, by id, in one read. Throws `unavailable`, `record_from_newer_version`. */
export async function loadIntegrationHealth(
  documents: Documents,
  now: Date,
): Promise<ReadonlyMap<string, IntegrationHealth>> {
  const histories = historiesIn(await reachable(documents.get(INTEGRATION_HEALTH_PATH)));
  return new Map([...histories].map(([id, history]) => [id, healthOf(history, now)]));
}

/**
 * What a stored document remembers, by integration. What this code cannot read of it counts as forgotten. Throws
 * `record_from_newer_version`.
 */
export function historiesIn(stored: StoredDocument | undefined): ReadonlyMap<string, IntegrationHistory> {
  if (stored !== undefined) refuseLaterFormat(stored);
  const { integrations } = Stored.parse(stored?.data ?? {});
  const histories = new Map<string, IntegrationHistory>();
  for (const [id, history] of Object.entries(integrations)) {
    const parsed = IntegrationHistory.safeParse(history);
    if (parsed.success) histories.set(id, parsed.data);
  }
  return histories;
}

const Stored = z.object({ integrations: z.record(z.string(), z.unknown()).catch({}) });

function healthOf({ hours, days, ...last }: IntegrationHistory, now: Date): IntegrationHealth {
  const hourly = lastHours(now, KEPT_HOURS).map((period) => ({ period, figures: hours[period] }));
  const daily = lastDays(now, 30).map((period) => ({ period, figures: days[period] }));
  const over = (periods: typeof daily) => figuresOf(periods.flatMap(({ figures }) => figures ?? []));
  return {
    ...last,
    past: { day: over(hourly), week: over(daily.slice(-7)), month: over(daily) },
    hours: hourly.map(pointOf),
    days: daily.map(pointOf),
  };
}

function pointOf({ period, figures }: { readonly period: string; readonly figures: ProbeFigures | undefined }) {
  const { down = 0, degraded = 0 } = figures ?? {};
  return { period, down, degraded, ...figuresOf(figures === undefined ? [] : [figures]) };
}

function figuresOf(periods: readonly ProbeFigures[]): HealthFigures {
  const sum = (of: (figures: ProbeFigures) => number): number =>
    periods.reduce((total, figures) => total + of(figures), 0);
  const [up, down, measured] = [sum((one) => one.up), sum((one) => one.down), sum((one) => one.measured)];
  return {
    checks: up + down,
    uptime: up + down === 0 ? null : up / (up + down),
    meanMs: measured === 0 ? null : sum((one) => one.latencyMs) / measured,
    worstMs: measured === 0 ? null : Math.max(...periods.map(({ worstMs }) => worstMs)),
  };
}
