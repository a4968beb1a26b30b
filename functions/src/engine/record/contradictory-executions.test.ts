import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { Failure, failureOf } from '#core/failure.ts';
import {
  aFailedExecution,
  aRunningExecution,
  aSkippedExecution,
  aSucceededExecution,
} from '#testing/builders/an-execution.ts';
import type { Contradiction } from '#testing/builders/contradiction.ts';
import type { Refused, With } from '#testing/builders/refused-type.ts';
import { Attempt, type FruitlessAttempt, type RunningAttempt, type SucceededAttempt } from './attempt.ts';
import { CriterionResult, Execution, type RunningExecution, type SkippedExecution } from './execution.ts';
import { StepRecord, type FailedStep, type RunningStep, type SkippedStep, type SucceededStep } from './step-schema.ts';

const AT = new Date('2026-11-20T14:00:00.000Z');
const later = (minutes: number): Date => new Date(AT.getTime() + minutes * 60_000);

const failure = failureOf('rejected', { message: 'No.' });
const times = { startedAt: AT, completedAt: AT, durationMs: 0 };
const good = { ...times, number: 1, status: 'succeeded', input: {}, output: { n: 1 } };
const bad = { ...times, number: 1, status: 'failed', input: {}, failure };
const tries = { number: 1, status: 'running', startedAt: AT };
const outputRef = { path: 'p', bytes: 1, sha256: 's', preview: '1' };

const step = { path: 'call', id: 'call', type: 'tool_call', order: 0 };
const running = { ...step, startedAt: AT, status: 'running', attempts: [tries] };
const succeeded = { ...step, ...times, status: 'succeeded', attempts: [good] };
const failed = { ...step, ...times, status: 'failed', failure, continued: false, attempts: [bad] };
const skipped = { ...step, ...times, status: 'skipped', reason: 'Its if was false.', attempts: [] };

const runningExecution = aRunningExecution(AT);
const succeededExecution = aSucceededExecution(AT);
const failedExecution = aFailedExecution(AT);
const skippedExecution = aSkippedExecution(AT);
const steps = (record: object) => ({ stepsExecuted: 1, steps: { call: record } });

/** What agrees with itself, so that each refusal below is one of what was changed. */
const SOUND: readonly (readonly [schema: z.ZodType, record: unknown])[] = [
  [Failure, failure],
  ...[good, bad, tries, { ...good, output: undefined, outputRef }].map((record) => [Attempt, record] as const),
  ...[running, succeeded, failed, skipped].map((record) => [StepRecord, record] as const),
  ...[runningExecution, succeededExecution, failedExecution, skippedExecution].map((one) => [Execution, one] as const),
  [Execution, { ...succeededExecution, ...steps(succeeded) }],
];

const FAILURES: Readonly<Record<string, Contradiction>> = {
  'a failure of another class than its code': {
    schema: Failure,
    record: { ...failure, code: 'timeout', class: 'internal' },
    proof: true satisfies Refused<Failure, With<Failure, { code: 'timeout'; class: 'internal' }>>,
  },
};

const ATTEMPTS: Readonly<Record<string, Contradiction>> = {
  'an attempt that succeeded without an output': {
    schema: Attempt,
    record: { ...good, output: undefined },
    proof: true satisfies Refused<Attempt, Omit<SucceededAttempt, 'output' | 'outputRef'>>,
  },
  'an attempt with its output in the record and beside it': {
    schema: Attempt,
    record: { ...good, outputRef },
    proof: true satisfies Refused<Attempt, With<SucceededAttempt, { output: 1; outputRef: typeof outputRef }>>,
  },
  'an attempt that failed without a failure': {
    schema: Attempt,
    record: { ...bad, failure: undefined },
    proof: true satisfies Refused<Attempt, Omit<Extract<FruitlessAttempt, { status: 'failed' }>, 'failure'>>,
  },
};

const STEPS: Readonly<Record<string, Contradiction>> = {
  'a step that succeeded without an attempt': {
    schema: StepRecord,
    record: { ...succeeded, attempts: [] },
    proof: true satisfies Refused<StepRecord, With<SucceededStep, { attempts: []; shortened?: never }>>,
  },
  'a step that succeeded although its only attempt failed': {
    schema: StepRecord,
    record: { ...succeeded, attempts: [bad] },
    proof: true satisfies Refused<StepRecord, With<SucceededStep, { attempts: [FruitlessAttempt] }>>,
  },
  'a step that succeeded before its last attempt': {
    schema: StepRecord,
    record: { ...succeeded, attempts: [good, { ...bad, number: 2 }] },
    proof: true satisfies Refused<StepRecord, With<SucceededStep, { attempts: [SucceededAttempt, FruitlessAttempt] }>>,
  },
  'a step that succeeded twice': {
    schema: StepRecord,
    record: { ...succeeded, attempts: [good, { ...good, number: 2 }] },
    proof: true satisfies Refused<StepRecord, With<SucceededStep, { attempts: [SucceededAttempt, SucceededAttempt] }>>,
  },
  'a step that has ended, and an attempt of it has not': {
    schema: StepRecord,
    record: { ...failed, attempts: [tries] },
    proof: true satisfies Refused<StepRecord, With<FailedStep, { attempts: [RunningAttempt] }>>,
  },
  'an action that failed although its attempt succeeded': {
    schema: StepRecord,
    record: { ...failed, attempts: [good] },
    proof: true satisfies Refused<StepRecord, With<FailedStep, { attempts: [With<SucceededAttempt, { input: {} }>] }>>,
  },
  'an action that goes on although it has its output': {
    schema: StepRecord,
    record: { ...running, attempts: [good] },
    proof: true satisfies Refused<StepRecord, With<RunningStep, { attempts: [With<SucceededAttempt, { input: {} }>] }>>,
  },
  'a step that was left out, and tried': {
    schema: StepRecord,
    record: { ...skipped, attempts: [bad] },
    proof: true satisfies Refused<StepRecord, With<SkippedStep, { attempts: [FruitlessAttempt] }>>,
  },
  'an action that chose a block': {
    schema: StepRecord,
    record: { ...failed, block: 'then' },
    proof: true satisfies Refused<StepRecord, With<FailedStep, { attempts: [FruitlessAttempt]; block: string }>>,
  },
  'attempts whose numbers do not go on from 1': {
    schema: StepRecord,
    record: { ...failed, attempts: [bad, { ...bad, number: 3 }] },
    proof: 'schema',
  },
  'more failures than attempts left out': {
    schema: StepRecord,
    record: { ...failed, attempts: [bad, { ...bad, number: 3 }], omitted: { count: 1, failed: 2, modelCalls: [] } },
    proof: 'schema',
  },
};

const EXECUTIONS: Readonly<Record<string, Contradiction>> = {
  'an execution of the scheduler without a slot': {
    schema: Execution,
    record: { ...succeededExecution, slot: null },
    proof: true satisfies Refused<Execution, With<Execution, { slot: null; trigger: { kind: 'schedule' } }>>,
  },
  'an execution of a person for a slot': {
    schema: Execution,
    record: { ...succeededExecution, trigger: { kind: 'manual' } },
    proof: true satisfies Refused<Execution, With<Execution, { slot: Date; trigger: { kind: 'manual' } }>>,
  },
  'more steps executed than there are': {
    schema: Execution,
    record: { ...succeededExecution, stepsExecuted: 7 },
    proof: 'schema',
  },
  'fewer steps executed than say so': {
    schema: Execution,
    record: { ...succeededExecution, ...steps(succeeded), stepsExecuted: 0 },
    proof: 'schema',
  },
  'an execution that has ended, and a step of it has not': {
    schema: Execution,
    record: { ...succeededExecution, stepsExecuted: 0, steps: { call: running } },
    proof: true satisfies Refused<Execution, With<typeof succeededExecution, { steps: Record<string, RunningStep> }>>,
  },
  'an execution that succeeded although a step ended it': {
    schema: Execution,
    record: { ...succeededExecution, ...steps(failed) },
    proof: 'schema',
  },
  'a step below the path of another': {
    schema: Execution,
    record: { ...succeededExecution, stepsExecuted: 1, steps: { other: succeeded } },
    proof: 'schema',
  },
  'an execution that runs, and has ended': {
    schema: Execution,
    record: { ...runningExecution, lease: undefined, completedAt: AT },
    proof: true satisfies Refused<Execution, Omit<RunningExecution, 'lease'>>,
  },
  'a shortened step of an execution that did not fail': {
    schema: Execution,
    record: { ...succeededExecution, ...steps({ ...succeeded, attempts: [], shortened: true }) },
    proof: 'schema',
  },
  'an execution that was skipped, and took a while': {
    schema: Execution,
    record: { ...skippedExecution, duration: 5 },
    proof: true satisfies Refused<Execution, With<SkippedExecution, { duration: 5 }>>,
  },
  'an execution that was skipped, and ran a step': {
    schema: Execution,
    record: { ...skippedExecution, ...steps(succeeded) },
    proof: true satisfies Refused<Execution, With<SkippedExecution, { stepsExecuted: 1 }>>,
  },
  'a start by a person that was skipped because its slot was old': {
    schema: Execution,
    record: { ...skippedExecution, slot: null, trigger: { kind: 'manual' }, reason: 'stale' },
    proof: 'schema',
  },
  'a window that ends before it begins': {
    schema: Execution,
    record: { ...succeededExecution, window: { start: later(1), end: AT } },
    proof: 'schema',
  },
  'a failed execution whose failure has another class': {
    schema: Execution,
    record: { ...failedExecution, failure: { code: 'timeout', class: 'internal', message: 'x' } },
    proof: true satisfies Refused<Failure, With<Failure, { code: 'timeout'; class: 'internal' }>>,
  },
  'a measured band with a reason why it is unknown': {
    schema: CriterionResult,
    record: { id: 'c', value: 1, band: 'ok', reason: 'It has no value.' },
    proof: true satisfies Refused<CriterionResult, With<CriterionResult, { band: 'ok'; reason: string }>>,
  },
};

/** The same proofs of what may be written: `Refused` would else refuse everything. */
const ACCEPTED = [
  false satisfies Refused<Failure, With<Failure, { code: 'timeout'; class: 'transient' }>>,
  false satisfies Refused<Attempt, With<SucceededAttempt, { output: 1 }>>,
  false satisfies Refused<StepRecord, With<SucceededStep, { attempts: [FruitlessAttempt, SucceededAttempt] }>>,
  false satisfies Refused<Execution, With<Execution, { slot: null; trigger: { kind: 'manual' } }>>,
];

describe('an execution, and what is in it,', () => {
  test('that agrees with itself is read', () => {
    for (const [schema, record] of SOUND) expect(schema.safeParse(record).error?.issues ?? []).toEqual([]);
    expect(ACCEPTED).not.toContain(true);
  });

  test.each(Object.entries({ ...FAILURES, ...ATTEMPTS, ...STEPS, ...EXECUTIONS }))(
    'that contradicts itself is refused: %s',
    (_, { schema, record }) => {
      expect(schema.safeParse(record).success).toBe(false);
    },
  );
});
