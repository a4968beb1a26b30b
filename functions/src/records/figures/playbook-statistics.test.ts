import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import { weighDocument } from '#ports/documents/document-writes.ts';
import type { Documents } from '#ports/documents/documents.ts';
import {
  aFailedExecution,
  aSkippedExecution,
  aSucceededExecution,
  storeExecution,
} from '#testing/builders/an-execution.ts';
import { loadStatistics } from './load-statistics.ts';
import { earlierDaysPath, moveEarlierDays } from './earlier-days.ts';
import { PLAYBOOK_STATISTICS, statisticsPath, statisticsWrite } from './playbook-statistics.ts';
import { sumOfDays } from './statistics-sum.ts';
import { lastDays } from '../store/utc-periods.ts';

const HOUR_MS = DAY_MS / 24;
const NOON = new Date('2026-11-20T12:10:00.000Z');
const later = (hours: number): Date => new Date(NOON.getTime() + hours * HOUR_MS);
let documents: Documents;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

describe('the figures of a playbook', () => {
  test('count by the UTC day and hour in which an execution began', async () => {
    await storeExecution(documents, aSucceededExecution(NOON));
    await storeExecution(documents, aFailedExecution(later(1)));
    await storeExecution(documents, aSkippedExecution(later(2)));
    await storeExecution(documents, aSucceededExecution(later(12)));

    const { days, hours } = await loadStatistics(documents, 'ops_test');

    expect(Object.keys(days)).toEqual(['2026-11-20', '2026-11-21']);
    expect(days['2026-11-20']).toMatchObject({ succeeded: 1, failed: 1, skipped: 1, durationMs: 2_000 });
    expect(hours).toMatchObject({
      '2026-11-20T12': { succeeded: 1, failed: 0, skipped: 0 },
      '2026-11-20T13': { succeeded: 0, failed: 1, skipped: 0 },
      '2026-11-20T14': { succeeded: 0, failed: 0, skipped: 1 },
      '2026-11-21T00': { succeeded: 1, failed: 0, skipped: 0 },
    });
  });

  test('say for several days how many succeeded and how long they took, without skipped ones', async () => {
    for (let hour = 0; hour < 19; hour += 1) {
      await storeExecution(documents, aSucceededExecution(later(hour), { duration: 100 }));
    }
    await storeExecution(documents, aFailedExecution(later(19), { duration: 60_000 }));
    await storeExecution(documents, aSkippedExecution(later(20)));

    const sum = sumOfDays(await loadStatistics(documents, 'ops_test'), lastDays(later(24), 30));

    expect(sum).toMatchObject({ succeeded: 19, failed: 1, skipped: 1, successRate: 0.95, meanMs: 3_095 });
    expect(sum.p50Ms).toBeCloseTo(100, -1);
    expect(sum.p95Ms).toBeCloseTo(100, -1);
    expect(sumOfDays({ days: {} }, ['2026-11-20'])).toMatchObject({ successRate: null, meanMs: null, p50Ms: null });
  });

  test('keep the bands of each criterion and its last number or boolean', async () => {
    const measured = (value: number, band: 'ok' | 'alert') => ({ criteria: [{ id: 'latency', value, band }] });
    const unknown = { id: 'latency', value: 'none', band: 'unknown' as const, reason: 'It is no figure.' };
    await storeExecution(documents, aSucceededExecution(NOON, measured(120, 'ok')));
    await storeExecution(documents, aSucceededExecution(later(1), measured(4_000, 'alert')));

    const day = async () => (await loadStatistics(documents, 'ops_test')).days['2026-11-20']?.criteria['latency'];
    const at = new Date(later(1).getTime() + 1_000);
    expect(await day()).toEqual({ ok: 1, warn: 0, alert: 1, unknown: 0, last: 4_000, at });

    await storeExecution(documents, aSucceededExecution(later(2), { criteria: [unknown] }));
    expect(await day()).toMatchObject({ unknown: 1 });
    expect(await day()).not.toHaveProperty('last');
  });

  test('do not keep an execution from ending whose criteria share an id', async () => {
    const criteria = [
      { id: 'twice', value: 1, band: 'ok' as const },
      { id: 'twice', value: 2, band: 'warn' as const },
    ];
    await storeExecution(documents, aSucceededExecution(NOON, { criteria }));

    const { days } = await loadStatistics(documents, 'ops_test');
    expect(days['2026-11-20']?.criteria['twice']).toMatchObject({ ok: 0, warn: 1, last: 2 });
  });

  test('stay below 8 kB where every end adds to them, and below 110 kB elsewhere, with ten criteria that meet every band', async () => {
    const bands = ['ok', 'warn', 'alert', 'unknown'] as const;
    const hours = 24 * 75;
    for (let hour = 0; hour < hours; hour += hour < hours - 55 ? 4 : 1) {
      const band = bands[(hour / 4) % 4] ?? 'ok';
      const criteria = Array.from({ length: 10 }, (_, index) => ({
        id: `integration_latency_${index}`,
        value: 1.5,
        ...(band === 'unknown' ? { band, reason: 'It has no value.' } : { band }),
      }));
      const execution = aSucceededExecution(later(hour), { criteria, duration: 1_000 + 997 * (hour % 24) });
      await documents.commit([statisticsWrite(execution)]);
      if (hour % 24 === 0) await moveEarlierDays(documents, { playbookId: 'ops_test', now: later(hour) });
    }

    const weigh = async (path: string): Promise<number> => weighDocument(path, (await documents.get(path))?.data ?? {});
    expect(await weigh(statisticsPath('ops_test'))).toBeLessThan(8_000);
    expect(await weigh(earlierDaysPath('ops_test'))).toBeLessThan(110_000);
  });

  test('are empty for a playbook that never ended', async () => {
    expect(await loadStatistics(documents, 'ops_new')).toEqual({ playbookId: 'ops_new', days: {}, hours: {} });
  });

  test('that are damaged are refused, naming their document', async () => {
    await documents.commit([{ kind: 'set', path: `${PLAYBOOK_STATISTICS}/ops_odd`, data: { days: 'none' } }]);

    await expect(loadStatistics(documents, 'ops_odd')).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('playbook_statistics/ops_odd'),
    });
  });
});
