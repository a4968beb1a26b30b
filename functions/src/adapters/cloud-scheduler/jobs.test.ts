import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobSpec, SchedulerJobs } from '#ports/scheduler.ts';
import { startCloudSchedulerServer, type CloudSchedulerServer } from '#testing/servers/cloud-scheduler-server.ts';
import { cloudScheduler } from './jobs.ts';

const PARENT = 'projects/demo-playbooks/locations/us-central1';

let server: CloudSchedulerServer;
let scheduler: SchedulerJobs;

beforeEach(async () => {
  server = await startCloudSchedulerServer({ pageSize: 2 });
  const { host, port } = server;
  scheduler = cloudScheduler({ projectId: 'demo-playbooks', location: 'us-central1', local: { host, port } });
});

afterEach(async () => {
  await scheduler.close();
  await server.close();
});

function aSpec(changes: Partial<JobSpec> = {}): JobSpec {
  return {
    name: 'ops-integration-monitor',
    description: '🔗 Integration Health Monitor (playbook-runner:ops_integration_monitor)',
    cron: '0 * * * *',
    timeZone: 'America/New_York',
    target: {
      method: 'POST',
      url: 'https://runner.example.com/?playbookId=ops_integration_monitor',
      headers: { 'X-Cron-Secret': 'secret-of-this-test' },
      oidc: { serviceAccountEmail: 'scheduler@demo.iam.gserviceaccount.com', audience: 'https://runner.example.com/' },
    },
    attemptDeadlineMs: 1_800_000,
    retry: { count: 3, maxDurationMs: 0, minBackoffMs: 5_000, maxBackoffMs: 3_600_000, maxDoublings: 5 },
    ...changes,
  };
}

describe("Cloud Scheduler's jobs", () => {
  test('come back as they were created', async () => {
    await scheduler.create(aSpec());

    const job = await scheduler.get('ops-integration-monitor');

    const target = {
      ...aSpec().target,
      headers: { ...aSpec().target.headers, 'User-Agent': 'Google-Cloud-Scheduler' },
    };
    expect(job).toEqual({ ...aSpec(), target, state: 'enabled' });
  });

  test('are undefined when there is none of the name', async () => {
    expect(await scheduler.get('nobody')).toBeUndefined();
  });

  test('are listed over all pages', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await scheduler.create(aSpec({ name }));

    expect((await scheduler.list()).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('change only in the fields that are named', async () => {
    await scheduler.create(aSpec());

    await scheduler.update(aSpec({ cron: '5 * * * *', timeZone: 'Europe/Berlin' }), ['cron']);

    expect(await scheduler.get('ops-integration-monitor')).toMatchObject({
      cron: '5 * * * *',
      timeZone: 'America/New_York',
    });
  });

  test('lose a header that the new target does not have', async () => {
    await scheduler.create(aSpec());

    await scheduler.update(aSpec({ target: { ...aSpec().target, headers: {}, oidc: undefined } }), ['target']);

    const job = await scheduler.get('ops-integration-monitor');
    expect(Object.keys(job?.target?.headers ?? {})).toEqual(['User-Agent']);
    expect(job?.target?.oidc).toBeUndefined();
  });

  test('are paused and resumed', async () => {
    await scheduler.create(aSpec());

    expect(await scheduler.pause('ops-integration-monitor')).toMatchObject({ state: 'paused' });
    expect(await scheduler.resume('ops-integration-monitor')).toMatchObject({ state: 'enabled' });
  });

  test('of other kinds are read, too', async () => {
    const name = `${PARENT}/jobs/nightly-export`;
    const pubsubTarget = { topicName: 'projects/demo-playbooks/topics/export' };
    const userUpdateTime = '2026-01-01T00:00:00Z';
    server.jobs.set(name, {
      name,
      schedule: '0 0 * * *',
      timeZone: 'UTC',
      pubsubTarget,
      state: 'DISABLED',
      userUpdateTime,
    });

    expect(await scheduler.list()).toMatchObject([{ name: 'nightly-export', state: 'disabled', target: undefined }]);
  });
});

describe('what Cloud Scheduler refuses', () => {
  test.each<readonly [string, Partial<JobSpec>, RegExp]>([
    ['an invalid schedule', { cron: '61 * * * *' }, /Schedule or time zone is invalid/],
    ['a schedule of six fields', { cron: '0 0 9 * * 1' }, /Schedule or time zone is invalid/],
    ['an unknown time zone', { timeZone: 'America/New_Yrk' }, /Schedule or time zone is invalid/],
    ['an attempt deadline over 30 minutes', { attemptDeadlineMs: 1_801_000 }, /attempt_deadline/],
    ['more than five retries', { retry: { ...aSpec().retry, count: 6 } }, /retry_count/],
    ['an address that is not HTTP', { target: { ...aSpec().target, url: 'ftp://example.com' } }, /HttpTarget.uri/],
    ['a name with a blank', { name: 'a b' }, /name must be formatted/],
  ])('is said in its own words: %s', async (_, changes, message) => {
    await expect(scheduler.create(aSpec(changes))).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(message),
    });
  });

  test('is a job that exists', async () => {
    await scheduler.create(aSpec());

    await expect(scheduler.create(aSpec())).rejects.toMatchObject({ code: 'rejected' });
  });

  test('is resuming what is not paused', async () => {
    await scheduler.create(aSpec());

    await expect(scheduler.resume('ops-integration-monitor')).rejects.toMatchObject({ code: 'rejected' });
  });

  test('is a caller without permission, which needs a person', async () => {
    server.faults.push({ code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' });

    await expect(scheduler.list()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('is not repeated when the service is unavailable: the caller decides', async () => {
    server.faults.push({ code: 503, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' });

    await expect(scheduler.list()).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.calls).toHaveLength(1);
  });
});
