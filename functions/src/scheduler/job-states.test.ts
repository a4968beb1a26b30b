import { describe, expect, test } from 'vitest';
import { Playbook } from '#language/playbook/playbook.ts';
import type { SchedulerJob } from '#ports/scheduler.ts';
import { jobFor, planJobs, type RunnerAddress } from './scheduler-plan.ts';

const runner: RunnerAddress = {
  url: 'https://demo.example/runner',
  cronSecret: 'canary',
  oidcServiceAccount: undefined,
};
const fields = {
  id: 'ops_check',
  name: 'Check',
  schedule: { cron: '0 9 * * *', timeZone: 'UTC' },
  steps: [{ id: 'health', type: 'tool_call', tool: 'getSystemHealth' }],
};
const scheduled = Playbook.parse(fields);
const disabled = Playbook.parse({ ...fields, enabled: false });
const unscheduled = Playbook.parse({ ...fields, schedule: undefined });

function aJob(changes: Partial<SchedulerJob> = {}): SchedulerJob {
  const spec = jobFor(scheduled, runner);
  if (spec === undefined) throw new Error('This playbook has no schedule.');
  return { ...spec, state: 'enabled', ...changes };
}

const states = ['enabled', 'paused', 'disabled', 'update_failed', 'unknown'] as const;

describe('a job that is to make no calls', () => {
  const reasons = [
    ['its playbook is disabled', [disabled]],
    ['its playbook has no schedule', [unscheduled]],
    ['its playbook is gone', []],
  ] as const;

  test.each(reasons.flatMap(([why, playbooks]) => states.map((state) => [why, state, playbooks] as const)))(
    'because %s is paused only if it is enabled: %s',
    (_, state, playbooks) => {
      for (const drift of [{}, { cron: '1 1 * * *' }]) {
        expect(planJobs(playbooks, [aJob({ state, ...drift })], runner)).toEqual([
          { kind: state === 'enabled' ? 'pause' : 'unchanged', name: 'ops-check', reason: expect.any(String) },
        ]);
      }
    },
  );
});

describe('a job that is to call the runner', () => {
  test.each([
    ['enabled', ['unchanged'], ['update']],
    ['paused', ['resume'], ['update', 'resume']],
    ['disabled', ['update'], ['update']],
    ['update_failed', ['update'], ['update']],
    ['unknown', ['unchanged'], ['update']],
  ] as const)('and is %s needs %j, and where it differs %j', (state, asItIs, asItDiffers) => {
    const kindsOf = (job: SchedulerJob) => planJobs([scheduled], [job], runner).map(({ kind }) => kind);

    expect(kindsOf(aJob({ state }))).toEqual(asItIs);
    expect(kindsOf(aJob({ state, timeZone: 'Europe/Berlin' }))).toEqual(asItDiffers);
  });
});

describe('a job is ours', () => {
  const marker = 'playbook-runner:ops_check';

  test.each([
    ['the marker alone', marker],
    ['the marker in brackets', `Mine (${marker})`],
    ['the marker at the end', `Check ${marker}`],
    ['the marker at the beginning', `${marker} and more`],
    ['the marker on a line of its own', `Check\n${marker}\nby hand`],
    ['the marker before a full stop', `Check ${marker}.`],
  ])('with %s in its description', (_, description) => {
    expect(planJobs([], [aJob({ description })], runner)).toMatchObject([{ kind: 'pause' }]);
    expect(planJobs([scheduled], [aJob({ description })], runner)).toMatchObject([{ kind: 'update' }]);
  });

  test.each([
    ['no description', ''],
    ['the marker inside of another word', `not-${marker}`],
    ['the marker after another letter', `my${marker}`],
    ['the marker after a slash', `see/${marker}`],
    ['the marker of another playbook', 'playbook-runner:ops_other'],
    ['the marker of a playbook of a longer name', `${marker}_2`],
    ['a marker without a name', 'playbook-runner:'],
    ['a marker with a space', 'playbook-runner: ops_check'],
    ['the id alone', 'ops_check'],
  ])('but not with %s', (_, description) => {
    expect(planJobs([], [aJob({ description })], runner)).toMatchObject([{ kind: 'foreign', blocks: undefined }]);
    expect(planJobs([scheduled], [aJob({ description })], runner)).toMatchObject([
      { kind: 'foreign', blocks: 'ops_check' },
    ]);
  });
});
