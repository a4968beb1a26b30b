import type { Integration } from '#language/settings/integrations.ts';
import { cut } from '#core/cut.ts';
import type { DocumentData, Documents, StoredDocument } from '#ports/documents/documents.ts';
import { documentFields, toDocument } from '#records/store/document-json.ts';
import { optimistically, unlessRaced } from '#records/store/optimistic.ts';
import { FIRST_FORMAT } from '#records/store/record-format.ts';
import {
  historiesIn,
  INTEGRATION_HEALTH_PATH,
  KEPT_DAYS,
  KEPT_HOURS,
  type IntegrationHistory,
  type ProbeFigures,
} from '#records/health/integration-health.ts';
import { dayOf, hourOf, lastDays, lastHours } from '#records/store/utc-periods.ts';
import type { Probe } from './probe-integration.ts';

const MAX_ERROR_CHARS = 400;

/** An integration and the result of its check. */
export interface Probed {
  readonly integration: Integration;
  readonly probe: Probe;
}

/**
 * Adds the probes of one check to the history, and resolves to each with its updated history, in the same order: one read and
 * one write, plus another pair for each other check that writes at the same moment. Throws `DocumentsError`,
 * `record_from_newer_version`.
 */
export async function rememberProbes(
  documents: Documents,
  probed: readonly Probed[],
  now: Date,
): Promise<readonly (Probed & { readonly history: IntegrationHistory })[]> {
  return optimistically(async () => {
    const stored = await documents.get(INTEGRATION_HEALTH_PATH);
    const known = historiesIn(stored);
    const remembered = probed.map((one) => ({
      ...one,
      history: continued(known.get(one.integration.id), one.probe, now),
    }));
    const histories = new Map(remembered.map(({ integration, history }) => [integration.id, history]));
    return unlessRaced(write(documents, stored, histories), remembered);
  });
}

type Remembered = Omit<IntegrationHistory, 'lastCheckedAt' | 'lastStatus'>;

const NOTHING_YET: Remembered = {
  lastSuccessAt: null,
  lastLatencyMs: null,
  consecutiveFailures: 0,
  lastProblem: null,
  hours: {},
  days: {},
};

/** An integration that was not called without credentials neither succeeded nor failed, and is not in the figures. */
function continued(before: Remembered = NOTHING_YET, probe: Probe, now: Date): IntegrationHistory {
  const { lastSuccessAt, consecutiveFailures: failures } = before;
  const base = {
    lastCheckedAt: now,
    lastLatencyMs: probe.latencyMs ?? before.lastLatencyMs,
    lastProblem: probe.error === null ? before.lastProblem : { at: now, error: cut(probe.error, MAX_ERROR_CHARS) },
    hours: counted(before.hours, { probe, period: hourOf(now), oldest: lastHours(now, KEPT_HOURS).at(0) }),
    days: counted(before.days, { probe, period: dayOf(now), oldest: lastDays(now, KEPT_DAYS).at(0) }),
  };
  switch (probe.status) {
    case 'online':
    case 'degraded':
      return {
        ...base,
        lastStatus: probe.status,
        lastSuccessAt: lastSuccessAt !== null && lastSuccessAt > now ? lastSuccessAt : now,
        consecutiveFailures: 0,
      };
    case 'offline':
      return { ...base, lastStatus: probe.status, lastSuccessAt, consecutiveFailures: failures + 1 };
    case 'unconfigured':
      return { ...base, lastStatus: probe.status, lastSuccessAt, consecutiveFailures: failures };
  }
}

interface Counting {
  readonly probe: Probe;
  readonly period: string;
  readonly oldest: string | undefined;
}

/** The figures with one more probe, and without outdated periods. */
function counted(
  before: Readonly<Record<string, ProbeFigures>>,
  { probe, period, oldest = period }: Counting,
): Record<string, ProbeFigures> {
  const figures = new Map(Object.entries(before).filter(([name]) => name >= oldest));
  if (probe.status !== 'unconfigured') figures.set(period, withProbe(figures.get(period), probe));
  return Object.fromEntries(figures);
}

const NO_PROBES: ProbeFigures = { up: 0, down: 0, degraded: 0, latencyMs: 0, measured: 0, worstMs: 0 };

function withProbe(before: ProbeFigures = NO_PROBES, { status, latencyMs }: Probe): ProbeFigures {
  if (status === 'offline') return { ...before, down: before.down + 1 };
  return {
    up: before.up + 1,
    down: before.down,
    degraded: before.degraded + (status === 'degraded' ? 1 : 0),
    latencyMs: before.latencyMs + (latencyMs ?? 0),
    measured: before.measured + (latencyMs === null ? 0 : 1),
    worstMs: Math.max(before.worstMs, latencyMs ?? 0),
  };
}

async function write(
  documents: Documents,
  stored: StoredDocument | undefined,
  histories: ReadonlyMap<string, IntegrationHistory>,
): Promise<void> {
  if (stored === undefined) {
    const data: DocumentData = documentFields({ format: FIRST_FORMAT, integrations: Object.fromEntries(histories) });
    await documents.commit([{ kind: 'create', path: INTEGRATION_HEALTH_PATH, data }]);
    return;
  }
  const changes = [...histories].map(([id, history]) => ({
    field: ['integrations', id],
    value: toDocument(history, 2),
  }));
  await documents.commit([{ kind: 'update', path: INTEGRATION_HEALTH_PATH, changes, ifUpdateTime: stored.updateTime }]);
}
