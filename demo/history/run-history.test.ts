import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Execution } from '#engine/record/execution.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { EXECUTIONS, readExecution } from '#records/executions/executions.ts';
import { historiesIn, INTEGRATION_HEALTH_PATH } from '#records/health/integration-health.ts';
import { listThreads } from '#records/threads/thread-queries.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import { criteriaOf, outputOf } from './demo-world.ts';
import type { HistoryOptions, HistorySummary } from './history.ts';
import { runHistory } from './run-history.ts';

/** How often each offline integration has failed in a row. */
const Failures = z
  .object({ integrations: z.array(z.object({ status: z.string(), consecutiveFailures: z.number() })) })
  .transform(({ integrations }) =>
    integrations.flatMap(({ status, consecutiveFailures }) => (status === 'offline' ? [consecutiveFailures] : [])),
  );

/** A Friday: the three days before it contain a long outage, and one that comes and goes. */
const NOW = new Date('2026-11-20T14:05:00.000Z');
const MONITOR = 'ops_integration_monitor';

describe('three days of history', () => {
  const directory = mkdtempSync(join(tmpdir(), 'demo-history-'));
  const file = join(directory, 'playbooks.db');
  const documents = sqliteDocuments({ file });
  let summary: HistorySummary;
  let executions: readonly Execution[];

  beforeAll(async () => {
    summary = await history();
    executions = await recorded(documents);
  }, 60_000);
  afterAll(async () => {
    await documents.close();
    rmSync(directory, { recursive: true });
  });

  async function history(changes: Partial<HistoryOptions> = {}): Promise<HistorySummary> {
    return runHistory({
      definitions: await projectDefinitions(),
      database: { PLAYBOOK_DATABASE: `sqlite:${file}` },
      days: 3,
      now: NOW,
      stop: new AbortController().signal,
      onProgress: () => undefined,
      ...changes,
    });
  }

  function of(playbookId: string): readonly Execution[] {
    return executions.filter((execution) => execution.playbookId === playbookId);
  }

  test('have one execution per slot, up to those that a start would run', () => {
    expect(summary).toMatchObject({ delivered: 75, present: 0, stopped: false, byStatus: { succeeded: 75 } });
    expect(summary.byPlaybook).toEqual({ [MONITOR]: 71, ops_daily_health_check: 2, ops_churn_prevention: 2 });
    expect(executions).toHaveLength(75);
    expect(of(MONITOR).at(0)?.slot).toEqual(new Date('2026-11-17T15:00:00.000Z'));
    expect(of(MONITOR).at(-1)?.slot).toEqual(new Date('2026-11-20T13:00:00.000Z'));
  });

  test('mark every execution as simulated, in addition to the labels of its playbook', () => {
    expect(executions.filter(({ labels }) => labels['simulated'] !== 'history')).toEqual([]);
    expect(of(MONITOR)[0]?.labels).toEqual({ area: 'reliability', simulated: 'history' });
  });

  test('have executions that began within a minute of their slot, and ended soon', () => {
    const late = executions.map(({ slot, startedAt }) => startedAt.getTime() - (slot?.getTime() ?? 0));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(2_000);
    expect(Math.max(...late)).toBeLessThan(65_000);
    const ends = executions.flatMap((one) => ('completedAt' in one ? [one.completedAt.getTime()] : []));
    expect(ends).toHaveLength(75);
    expect(Math.max(...ends)).toBeLessThan(NOW.getTime());
  });

  test('show outages as alerts and incidents, with a growing time since the last success', async () => {
    const down = of(MONITOR).filter((one) => criteriaOf(one)['all_online']?.[1] === 'alert');
    expect(down.map(({ slot }) => slot?.toISOString().slice(8, 13))).toEqual([
      '18T22', '18T23', '19T00', '19T01', '19T21', '19T23',
    ]); // prettier-ignore
    const silent = down.slice(0, 4).map((one) => Math.round(Number(criteriaOf(one)['last_success']?.[0])));
    expect(silent.map((minutes) => Math.round(minutes / 60))).toEqual([1, 2, 3, 4]);
    expect(down.map((one) => Failures.parse(outputOf(one, 'integrations')))).toEqual([[1], [2], [3], [4], [1], [1]]);
    const { items } = await listThreads(documents, { kind: 'incident' }, { limit: 50 });
    expect(items.map(({ title, state }) => `${title}, ${state}`).toSorted()).toEqual([
      ...Array<string>(4).fill('Offline: Aeropay, closed'),
      ...Array<string>(2).fill('Offline: Blackleaf, open'),
    ]);
  });

  test('include what people did, in its time', async () => {
    const { items } = await listAuditEntries(documents, {}, { limit: 100 });
    expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['thread_commented', 'thread_closed']));
    const instants = items.map(({ at }) => at.getTime());
    expect(Math.max(...instants)).toBeLessThan(NOW.getTime());
    expect(instants).toEqual(instants.toSorted((a, b) => b - a));
  });

  test('include reports with figures, and what they would have cost', () => {
    const spent = of('ops_daily_health_check').flatMap((one) => ('spend' in one ? [one.spend] : []));
    expect(spent.every(({ modelCalls, costUsd }) => modelCalls > 0 && (costUsd ?? 0) > 0)).toBe(true);
    const reports = JSON.stringify(of('ops_daily_health_check').map(({ steps }) => steps['report']));
    expect(reports).toContain('stand-in for a language model');
    expect(reports).not.toContain('{{');
  });

  test('leave the integrations in the state of the last check', async () => {
    const histories = historiesIn(await documents.get(INTEGRATION_HEALTH_PATH));
    expect(histories.size).toBe(14);
    expect([...histories.values()].every(({ consecutiveFailures }) => consecutiveFailures === 0)).toBe(true);
  });

  test('leave the demo company in the present', async () => {
    const state = await documents.get('demo_company/state');
    expect(state?.data['asOf']).toBeInstanceOf(Date);
  });

  test('are not repeated when the same command runs again', async () => {
    expect(await history()).toMatchObject({ delivered: 0, present: 75, stopped: false });
    expect(await recorded(documents)).toEqual(executions);
  });

  test('can be stopped at once, without harm', async () => {
    expect(await history({ days: 4, stop: AbortSignal.abort() })).toMatchObject({ delivered: 0, stopped: true });
  });
});

async function recorded(documents: Documents): Promise<readonly Execution[]> {
  const orderBy = [{ field: 'startedAt', direction: 'asc' }] as const;
  return (await documents.query({ collection: EXECUTIONS, orderBy })).map(readExecution);
}
