import { describe, expect, test } from 'vitest';
import { runnerSilence } from './runner-silence.ts';

const UPDATED = new Date('2026-11-20T14:00:00.000Z');
const LEASE_MS = 60_000;
const after = (ms: number): Date => new Date(UPDATED.getTime() + ms);
const leased = (durationMs = LEASE_MS, deadlineAt = after(600_000)) => ({ deadlineAt, lease: { durationMs } });
const read = (afterMs: number) => ({ updatedAt: UPDATED, readAt: after(afterMs) });

describe('the runner of an execution', () => {
  test.each([0, 1, LEASE_MS])('is alive %i ms after its last write, until its lease has expired', (ageMs) => {
    expect(runnerSilence(leased(), read(ageMs))).toEqual({
      leaseUntil: after(LEASE_MS),
      silentSince: null,
      leaseGivenBack: false,
      pastDeadline: false,
    });
  });

  test('is silent since its last write as soon as its lease has expired', () => {
    expect(runnerSilence(leased(), read(LEASE_MS + 1))).toMatchObject({
      leaseUntil: after(LEASE_MS),
      silentSince: UPDATED,
      leaseGivenBack: false,
    });
  });

  test('is silent immediately when it gave its lease back', () => {
    expect(runnerSilence(leased(0), read(0))).toMatchObject({
      leaseUntil: UPDATED,
      silentSince: UPDATED,
      leaseGivenBack: true,
    });
  });

  test('may be alive after the deadline, which has passed one millisecond later', () => {
    const deadlineAt = after(10_000);
    expect(runnerSilence(leased(LEASE_MS, deadlineAt), read(10_000))).toMatchObject({ pastDeadline: false });
    expect(runnerSilence(leased(LEASE_MS, deadlineAt), read(10_001))).toMatchObject({
      silentSince: null,
      pastDeadline: true,
    });
  });
});
