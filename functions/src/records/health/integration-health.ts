import { z } from 'zod';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { refuseLaterFormat } from '../store/record-format.ts';
import { reachable } from '../store/reachable.ts';
import { lastDays, lastHours } from '../store/utc-periods.ts';

/** The document with the history of all integrations. */
export const INTEGRATION_HEALTH_PATH = 'playbook_metrics/integrations';

/** How far back figures go: the current hour and 24 full ones, the current day and 30 full ones. */
export const KEPT_HOURS = 25;
export const KEPT_DAYS = 31;

/** The results of the checks of one hour or day, without those that lacked credentials. */
export const ProbeFigures = z
  .object({
    /** Checks with a correct answer, including slow ones. */
    up: z.number(),
    down: z.number(),
    /** The slow ones among `up`. */
    degraded: z.number(),
    /** The sum over `measured` answers. */
    latencyMs: z.number(),
    measured: z.number(),
    worstMs: z.number(),
  })
  .refine(
    ({ up, degraded, measured, down }) => degraded <= up && measured <= up + down,
    'its counts exceed the number of checks',
  );
export type ProbeFigures = z.infer<typeof ProbeFigures>;

const historyFields = {
  lastCheckedAt: z.date(),
  lastLatencyMs: z.number().nullable(),
  /** The most recent problem, even if it is resolved. */
  lastProblem: z.object({ at: z.date(), error: z.string() }).nullable().default(null),
  hours: z.record(z.string(), ProbeFigures).default({}),
  days: z.record(z.string(), ProbeFigures).default({}),
};
const failuresSoFar = z.number().int().nonnegative();

/**
 * The history of one integration, by hour (`2026-11-20T14`) and day (`2026-11-20`), UTC. If its last check was answered, it
 * has a last success and no failures since. The earliest records do not contain the last state.
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

/** The health of an integration over a period. All null where it was not checked; latencies also where none was measured. */
export interface HealthFigures {
  readonly checks: number;
  /** The share of checks with a correct answer, from 0 to 1. */
  readonly uptime: number | null;
  readonly meanMs: number | null;
  readonly worstMs: number | null;
}

/** An hour or a day of a chart. */
export interface HealthPoint extends HealthFigures {
  /** `2026-11-20T14` or `2026-11-20`, UTC. */
  readonly period: string;
  readonly down: number;
  readonly degraded: number;
}

/** The present and past health of one integration. */
export interface IntegrationHealth extends Omit<IntegrationHistory, 'hours' | 'days'> {
  /** `day`: the current hour and the 24 before it; `week`, `month`: the current day and the 6 or 29 before it. */
  readonly past: { readonly day: HealthFigures; readonly week: HealthFigures; readonly month: HealthFigures };
  /** 25 hours and 30 days, the oldest first, including those without checks. */
  readonly hours: readonly HealthPoint[];
  readonly days: readonly HealthPoint[];
}

/** The health of every integration that was ever checked, by id, in one read. Throws `unavailable`, `record_from_newer_version`. */
export async function loadIntegrationHealth(
  documents: Documents,
  now: Date,
): Promise<ReadonlyMap<string, IntegrationHealth>> {
  const histories = historiesIn(await reachable(documents.get(INTEGRATION_HEALTH_PATH)));
  return new Map([...histories].map(([id, history]) => [id, healthOf(history, now)]));
}

/**
 * The histories in a stored document, by integration. Those that this code cannot read are left out. Throws
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
