import { describe, expect, test } from 'vitest';
import { findExecution, type SeenExecution } from '#records/executions/seen-execution.ts';
import { openTestConsole } from '#console/testing/test-console.ts';
import { storeExecution, type ToStore } from '#console/testing/store-execution.ts';
import { placed, timeAxis } from './time-axis.ts';

const NOW = new Date('2026-11-20T14:00:00.000Z');

async function stored(said: ToStore): Promise<SeenExecution> {
  const console = await openTestConsole();
  try {
    await storeExecution(console.documents, { id: 'one', ...said });
    const execution = await findExecution(console.documents, 'one');
    if (execution === undefined) throw new Error('It was not stored.');
    return execution;
  } finally {
    await console.close();
  }
}

describe('the time axis', () => {
  test.each([
    [0, ['0', '1 ms']],
    [900, ['0', '500 ms']],
    [43_400, ['0', '15 s', '30 s']],
    [3 * 60_000, ['0', '1 min', '2 min', '3 min']],
    [5 * 86_400_000, ['0', '48 h', '96 h']],
  ])('of %i ms has few round ticks', async (duration, labels) => {
    const axis = timeAxis(await stored({ duration }), NOW);
    expect(axis.ticks.map(({ label }) => label)).toEqual(labels);
  });

  test('places a span by its share, never outside and never too narrow to be seen', async () => {
    const axis = timeAxis(await stored({ duration: 10_000 }), NOW);
    const at = (afterMs: number): number => axis.startMs + afterMs;
    expect(placed(axis, at(2_500), at(5_000))).toEqual({ x: 250, width: 250 });
    expect(placed(axis, at(10_000), at(10_000))).toEqual({ x: 994, width: 6 });
    expect(placed(axis, at(-5_000), at(50_000))).toEqual({ x: 0, width: 1000 });
  });

  test('of what runs leaves room to grow', async () => {
    const startedAt = new Date(NOW.getTime() - 8_000);
    const axis = timeAxis(await stored({ status: 'running', startedAt }), NOW);
    expect(axis.spanMs).toBe(11_000);
  });

  test('of one whose runner is silent ends where it was last heard of, and does not grow', async () => {
    const running = await stored({ status: 'running', startedAt: new Date(NOW.getTime() - 8_000) });
    const silentSince = new Date(NOW.getTime() - 5_000);
    const axis = timeAxis({ ...running, ...(running.status === 'running' && { silentSince }) }, NOW);
    expect(axis).toMatchObject({ spanMs: 3_000, nowMs: silentSince.getTime(), isStill: true });
  });

  test('survives a clock that is behind the start', async () => {
    const axis = timeAxis(await stored({ status: 'running', startedAt: new Date(NOW.getTime() + 5_000) }), NOW);
    expect(axis.spanMs).toBe(1_000);
  });
});
