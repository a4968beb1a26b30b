import { describe, expect, test } from 'vitest';
import { Playbook } from '#language/playbook/playbook.ts';
import type { JobSpec, SchedulerJob } from '#ports/scheduler.ts';
import { jobFor, jobNameOf, planJobs, type RunnerAddress } from './scheduler-plan.ts';

const SECRET = 'canary-secret-of-the-scheduler';
const runner: RunnerAddress = {
  url: 'https://us-central1-demo.cloudfunctions.net/playbookRunner',
  cronSecret: SECRET,
  oidcServiceAccount: undefined,
};
const signed: RunnerAddress = { ...runner, oidcServiceAccount: 'scheduler@demo.iam.gserviceaccount.com' };

function aPlaybook(changes: Record<string, unknown> = {}): Playbook {
  return Playbook.parse({
    id: 'ops_daily_health_check',
    name: '🏥 Daily System Health Check',
    schedule: { cron: '0 9 * * 1-5', timeZone: 'America/New_York' },
    steps: [{ id: 'health', type: 'tool_call', tool: 'getSystemHealth' }],
    ...changes,
  });
}

function aJob(changes: Partial<SchedulerJob> = {}, playbook = aPlaybook(), address = runner): SchedulerJob {
  const spec = jobFor(playbook, address);
  if (spec === undefined) throw new Error('This playbook has no schedule.');
  return { ...spec, state: 'enabled', ...changes };
}

function wantedJob(playbook = aPlaybook(), address = runner): JobSpec | undefined {
  return jobFor(playbook, address);
}

describe('the job of a playbook', () => {
  test('has the name of the playbook with hyphens', () => {
    expect(jobNameOf('ops_daily_health_check')).toBe('ops-daily-health-check');
  });

  test('calls the runner with the playbook and the secret, and waits half an hour', () => {
    expect(wantedJob()).toMatchObject({
      cron: '0 9 * * 1-5',
      timeZone: 'America/New_York',
      attemptDeadlineMs: 1_800_000,
      retry: { count: 3, minBackoffMs: 75_000, maxBackoffMs: 3_600_000, maxDoublings: 5 },
      target: {
        method: 'POST',
        url: 'https://us-central1-demo.cloudfunctions.net/playbookRunner?playbookId=ops_daily_health_check',
        headers: { Authorization: `Bearer ${SECRET}` },
      },
    });
  });

  test('that is signed keeps the secret out of Authorization, which the scheduler overwrites', () => {
    expect(wantedJob(aPlaybook(), signed)?.target).toMatchObject({
      headers: { 'X-Cron-Secret': SECRET },
      oidc: { serviceAccountEmail: signed.oidcServiceAccount, audience: runner.url },
    });
  });

  test('keeps within the 500 characters that a description may have', () => {
    const job = wantedJob(aPlaybook({ name: '👩‍🔬'.repeat(40), id: 'a'.repeat(64) }));

    expect(job?.description.length).toBeLessThanOrEqual(500);
    expect(job?.description).toContain(`playbook-runner:${'a'.repeat(64)}`);
  });
});

describe('the plan', () => {
  test('creates a job that is not there', () => {
    expect(planJobs([aPlaybook()], [], runner)).toEqual([{ kind: 'create', job: wantedJob() }]);
  });

  test('leaves a job alone that is as it should be', () => {
    expect(planJobs([aPlaybook()], [aJob()], runner)).toMatchObject([
      { kind: 'unchanged', name: 'ops-daily-health-check' },
    ]);
  });

  test('ignores the header that the scheduler adds by itself', () => {
    const job = aJob();
    const target = job.target && {
      ...job.target,
      headers: { ...job.target.headers, 'User-Agent': 'Google-Cloud-Scheduler' },
    };

    expect(planJobs([aPlaybook()], [{ ...job, target }], runner)).toMatchObject([{ kind: 'unchanged' }]);
  });

  test.each<readonly [string, Partial<SchedulerJob>, string]>([
    ['schedule', { cron: '0 14 * * 1-5' }, 'cron'],
    ['time zone', { timeZone: 'Etc/UTC' }, 'timeZone'],
    ['attempt deadline of 3 minutes', { attemptDeadlineMs: 180_000 }, 'attemptDeadlineMs'],
    ['lack of retries', { retry: { ...aJob().retry, count: 0 } }, 'retry'],
    ['target that is no HTTP call', { target: undefined }, 'target'],
    ['broken-off update', { state: 'update_failed' }, 'cron'],
  ])('corrects a drifted %s and nothing else', (_, drift, field) => {
    const [action, ...others] = planJobs([aPlaybook()], [aJob(drift)], runner);

    expect(others).toEqual([]);
    expect(action).toMatchObject({ kind: 'update', job: wantedJob(), differences: [{ field }] });
  });

  test('tells of another secret without showing either', () => {
    const drifted = aJob({}, aPlaybook(), { ...runner, cronSecret: 'canary-secret-of-yesterday' });
    const [action] = planJobs([aPlaybook()], [drifted], runner);
    const differences = action?.kind === 'update' ? action.differences : [];

    expect(differences).toHaveLength(1);
    expect(JSON.stringify(differences)).toContain('header authorization with another value (not shown)');
    expect(JSON.stringify(differences)).not.toContain('canary');
  });

  test('takes the secret out of Authorization when calls become signed', () => {
    const [action] = planJobs([aPlaybook()], [aJob()], signed);

    expect(action?.kind === 'update' && action.differences.map(({ after }) => after)).toEqual([
      `signed by ${signed.oidcServiceAccount} for ${runner.url}`,
      'no header authorization',
      'header x-cron-secret (not shown)',
    ]);
  });

  test('pauses the job of a disabled playbook', () => {
    const plan = planJobs([aPlaybook({ enabled: false })], [aJob()], runner);

    expect(plan).toEqual([{ kind: 'pause', name: 'ops-daily-health-check', reason: 'The playbook is disabled.' }]);
  });

  test('pauses the job of a playbook without a schedule', () => {
    expect(planJobs([aPlaybook({ schedule: undefined })], [aJob()], runner)).toMatchObject([{ kind: 'pause' }]);
  });

  test('pauses the job of a playbook that is gone, and never deletes it', () => {
    expect(planJobs([], [aJob()], runner)).toMatchObject([{ kind: 'pause', name: 'ops-daily-health-check' }]);
  });

  test('leaves a paused job of a disabled playbook paused', () => {
    const plan = planJobs([aPlaybook({ enabled: false })], [aJob({ state: 'paused' })], runner);

    expect(plan).toMatchObject([{ kind: 'unchanged' }]);
  });

  test('resumes the job of a playbook that is enabled again, after correcting it', () => {
    const plan = planJobs([aPlaybook()], [aJob({ state: 'paused', cron: '0 1 * * *' })], runner);

    expect(plan.map(({ kind }) => kind)).toEqual(['update', 'resume']);
  });

  test('asks for nothing where a disabled playbook has no job', () => {
    expect(planJobs([aPlaybook({ enabled: false })], [], runner)).toEqual([]);
  });

  test.each([
    ['of the same prefix', { name: 'ops-daily-health-check-2' }],
    [
      'of the same prefix with a marker',
      { name: 'ops-daily-health-check-2', description: 'playbook-runner:ops_daily_health_check' },
    ],
    ['of the firebase CLI', { name: 'firebase-schedule-playbookSweeper', description: '' }],
    ['that speaks of another playbook', { name: 'mine', description: 'see playbook-runner:ops_daily_health_check' }],
  ])('never touches a job %s', (_, changes) => {
    const plan = planJobs([aPlaybook()], [aJob(), aJob(changes)], runner);

    expect(plan.map(({ kind }) => kind)).toEqual(['unchanged', 'foreign']);
  });

  test('says so when the name of a job is taken by somebody else', () => {
    const [action, ...others] = planJobs(
      [aPlaybook()],
      [aJob({ description: 'Created manually', cron: '* * * * *' })],
      runner,
    );

    expect(others).toEqual([]);
    expect(action).toMatchObject({ kind: 'foreign', blocks: 'ops_daily_health_check' });
  });
});
