import { describe, expect, test } from 'vitest';
import type { JobSpec } from '#ports/scheduler.ts';
import { fromGoogle, toGoogle } from './job-format.ts';

const NAME = 'projects/p/locations/l/jobs/ops-a';

function specOf(changes: Partial<JobSpec> = {}): JobSpec {
  return {
    name: 'ops-a',
    description: 'A',
    cron: '0 * * * *',
    timeZone: 'Etc/UTC',
    target: { method: 'POST', url: 'https://r.example.com/', headers: { 'X-A': 'b' }, oidc: undefined },
    attemptDeadlineMs: 180_000,
    retry: { count: 3, maxDurationMs: 0, minBackoffMs: 5_000, maxBackoffMs: 3_600_000, maxDoublings: 5 },
    ...changes,
  };
}

describe('the state of a job', () => {
  test.each([
    ['STATE_UNSPECIFIED', 0, 'unknown'],
    ['ENABLED', 1, 'enabled'],
    ['PAUSED', 2, 'paused'],
    ['DISABLED', 3, 'disabled'],
    ['UPDATE_FAILED', 4, 'update_failed'],
  ] as const)('%s, or %i, is %s', (name, number, state) => {
    expect(fromGoogle({ state: name }).state).toBe(state);
    expect(fromGoogle({ state: number }).state).toBe(state);
  });

  test.each([undefined, null, 5, -1])('is unknown where it is %s', (state) => {
    expect(fromGoogle(state === undefined ? {} : { state }).state).toBe('unknown');
  });
});

describe('the method of a job', () => {
  test.each([
    ['POST', 1],
    ['GET', 2],
    ['HEAD', 3],
    ['PUT', 4],
    ['DELETE', 5],
    ['PATCH', 6],
    ['OPTIONS', 7],
  ] as const)('%s, or %i, comes back as it was written', (method, number) => {
    const target = { ...specOf().target, method };

    expect(toGoogle(specOf({ target }), NAME).httpTarget?.httpMethod).toBe(method);
    expect(fromGoogle({ httpTarget: { httpMethod: method } }).target?.method).toBe(method);
    expect(fromGoogle({ httpTarget: { httpMethod: number } }).target?.method).toBe(method);
  });
});

describe('a duration of a job', () => {
  test.each([
    [0, 0, 0],
    [1, 0, 1_000_000],
    [999, 0, 999_000_000],
    [1_000, 1, 0],
    [1_001, 1, 1_000_000],
    [1_500, 1, 500_000_000],
    [3_600_250, 3600, 250_000_000],
  ])('of %i ms is %i s and %i ns, both ways', (durationMs, seconds, nanos) => {
    const retry = { ...specOf().retry, maxDurationMs: durationMs, minBackoffMs: durationMs, maxBackoffMs: durationMs };
    const job = toGoogle(specOf({ attemptDeadlineMs: durationMs, retry }), NAME);

    const duration = { seconds, nanos };
    expect(job).toMatchObject({
      attemptDeadline: duration,
      retryConfig: { maxRetryDuration: duration, minBackoffDuration: duration, maxBackoffDuration: duration },
    });
    expect(fromGoogle(job)).toMatchObject({ attemptDeadlineMs: durationMs, retry });
  });

  test('may have its seconds as text, as 64-bit numbers in JSON do', () => {
    expect(fromGoogle({ attemptDeadline: { seconds: '90', nanos: 5_000_000 } }).attemptDeadlineMs).toBe(90_005);
  });
});

test('a job in the format of Google has each field of ours, and nothing else', () => {
  expect(toGoogle(specOf(), NAME)).toEqual({
    name: NAME,
    description: 'A',
    schedule: '0 * * * *',
    timeZone: 'Etc/UTC',
    attemptDeadline: { seconds: 180, nanos: 0 },
    retryConfig: {
      retryCount: 3,
      maxRetryDuration: { seconds: 0, nanos: 0 },
      minBackoffDuration: { seconds: 5, nanos: 0 },
      maxBackoffDuration: { seconds: 3600, nanos: 0 },
      maxDoublings: 5,
    },
    httpTarget: { uri: 'https://r.example.com/', httpMethod: 'POST', headers: { 'X-A': 'b' } },
  });
});

test('a job of which Google says nothing has empty fields, and no target', () => {
  expect(fromGoogle({})).toEqual({
    name: '',
    description: '',
    cron: '',
    timeZone: '',
    target: undefined,
    attemptDeadlineMs: 0,
    retry: { count: 0, maxDurationMs: 0, minBackoffMs: 0, maxBackoffMs: 0, maxDoublings: 0 },
    state: 'unknown',
  });
});
