import { describe, expect, test } from 'vitest';
import { deliveryPlan } from './delivery-plan.ts';

const hourly = { id: 'hourly', schedule: { cron: '0 * * * *', timeZone: 'America/New_York' } };
const weekdays = { id: 'weekdays', schedule: { cron: '0 9 * * 1-5', timeZone: 'America/New_York' } };
const mondays = { id: 'mondays', schedule: { cron: '0 8 * * 1', timeZone: 'America/New_York' } };
/** A Friday, five minutes after a slot of the hourly one and of the weekdays' one. */
const NOW = new Date('2026-11-20T14:05:00.000Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

function slots(id: string, days: number): readonly string[] {
  const plan = deliveryPlan([hourly, weekdays, mondays], { from: daysAgo(days), now: NOW });
  return plan.filter(({ playbookId }) => playbookId === id).map(({ slot }) => slot.toISOString());
}

describe('the deliveries of the past', () => {
  test('are one per slot, up to the one that a start would run for real', () => {
    expect(slots('hourly', 1)).toHaveLength(23);
    expect(slots('hourly', 1).at(0)).toBe('2026-11-19T15:00:00.000Z');
    expect(slots('hourly', 1).at(-1)).toBe('2026-11-20T13:00:00.000Z');
    expect(slots('weekdays', 7)).toEqual(['16', '17', '18', '19'].map((day) => `2026-11-${day}T14:00:00.000Z`));
  });

  test('include the last slot of a schedule that a start would skip as too old', () => {
    expect(slots('mondays', 30).at(-1)).toBe('2026-11-16T13:00:00.000Z');
  });

  test('follow their time zone', () => {
    expect(slots('weekdays', 30).at(0)).toBe('2026-10-22T13:00:00.000Z');
  });

  test('are one per hour for ninety days', () => {
    expect(slots('hourly', 90)).toHaveLength(90 * 24 - 1);
  });

  test('are in chronological order, two seconds to a minute late, each with a constant delay', () => {
    const plan = deliveryPlan([hourly, weekdays, mondays], { from: daysAgo(30), now: NOW });
    const late = plan.map(({ slot, deliveredAt }) => deliveredAt.getTime() - slot.getTime());
    expect(Math.min(...late)).toBeGreaterThanOrEqual(2_000);
    expect(Math.max(...late)).toBeLessThan(60_000);
    expect(new Set(late).size).toBeGreaterThan(600);
    const instants = plan.map(({ deliveredAt }) => deliveredAt.getTime());
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    expect(deliveryPlan([mondays, hourly, weekdays], { from: daysAgo(30), now: NOW })).toEqual(plan);
  });

  test('are none for a playbook without a schedule', () => {
    expect(deliveryPlan([{ id: 'by_hand' }], { from: daysAgo(30), now: NOW })).toEqual([]);
  });
});
