import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { Failure, failureOf } from '#core/failure.ts';
import { Attempt } from '#engine/record/attempt.ts';
import type { FruitlessAttempt, RunningAttempt, SucceededAttempt } from '#engine/record/attempt.ts';
import { CriterionResult, Execution } from '#engine/record/execution.ts';
import type { RunningExecution, SkippedExecution } from '#engine/record/execution.ts';
import { StepRecord } from '#engine/record/step-schema.ts';
import type { FailedStep, RunningStep, SkippedStep, SucceededStep } from '#engine/record/step-schema.ts';
import {
  aFailedExecution,
  aRunningExecution,
  aSkippedExecution,
  aSucceededExecution,
} from '#testing/builders/an-execution.ts';
import type { Refused, With } from '#testing/builders/refused-type.ts';
import { AuditEntry } from './audit/audit-entry.ts';
import { IntegrationHistory } from './health/integration-health.ts';
import { Notification } from './notifications/notifications.ts';
import { Control } from './settings/control.ts';
import { Thread } from './threads/thread.ts';
import type { ThreadIn } from './threads/thread.ts';

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

const decision = { by: 'leo', at: AT, finalAt: later(1), payloadSha256: 'x', comment: 'Because.' };
const rejection = { ...decision, verdict: 'rejected' };
const open = {
  kind: 'note',
  assignee: 'operator',
  assigneeAddresses: [],
  title: 'Title',
  body: 'Body',
  payloadSha256: 'x',
  needsApproval: false,
  state: 'open',
  evidence: { executionId: 'e', playbookId: 'p', stepPath: 's' },
  executionId: 'e',
  playbookId: 'p',
  deadlineAt: null,
  decision: null,
  revisions: [],
  closed: null,
  createdAt: AT,
  updatedAt: AT,
  expireAt: later(1_000),
};
const awaiting = { ...open, state: 'awaiting_approval', needsApproval: true, deadlineAt: later(60) };
const approved = { ...awaiting, state: 'approved', decision: { ...decision, verdict: 'approved' } };
const rejected = { ...awaiting, state: 'rejected', decision: rejection };
const isClosed = { by: 'leo', at: later(90), reason: 'Done.' };
const closed = { ...open, state: 'closed', closed: isClosed };

const sent = { channel: 'email', to: 'a', status: 'sent', messageId: 'm' };
const lost = {
  channel: 'email',
  to: 'b',
  status: 'failed',
  messageId: null,
  retryable: true,
  reason: 'No.',
  ambiguous: true,
};
const message = {
  executionId: 'e',
  playbookId: 'p',
  stepPath: 's',
  channel: 'email',
  priority: 'high',
  subject: 's',
  body: 'b',
  deliveries: [sent],
  status: 'sent',
  createdAt: AT,
  expireAt: AT,
};

const said = { reason: 'New disks.', by: 'leo' };
const online = { lastCheckedAt: AT, lastStatus: 'online', lastSuccessAt: AT, lastLatencyMs: 1, consecutiveFailures: 0 };
const entry = {
  at: AT,
  by: 'leo',
  role: 'admin',
  action: 'signed_in',
  target: { kind: 'person', id: 'leo' },
  nonce: 'n',
  sequence: 2,
  previousSha256: 'before',
  sha256: 'after',
};

/** What agrees with itself, so that each refusal below is one of what was changed. */
const SOUND: readonly (readonly [schema: z.ZodType, record: unknown])[] = [
  ...[failure].map((record) => [Failure, record] as const),
  ...[good, bad, tries, { ...good, output: undefined, outputRef }].map((record) => [Attempt, record] as const),
  ...[running, succeeded, failed, skipped].map((record) => [StepRecord, record] as const),
  ...[runningExecution, succeededExecution, failedExecution, skippedExecution].map((one) => [Execution, one] as const),
  [Execution, { ...succeededExecution, ...steps(succeeded) }],
  ...[open, awaiting, approved, rejected, closed].map((record) => [Thread, record] as const),
  [Thread, { ...awaiting, state: 'closed', closed: isClosed }],
  [Notification, message],
  [Notification, { ...message, status: 'partial', deliveries: [sent, lost] }],
  [Control, { mode: 'run', until: null, ...said }],
  [Control, { mode: 'halt', until: AT, ...said }],
  [IntegrationHistory, online],
  [AuditEntry, entry],
];

/** A contradiction. `proof`: the type refuses it, too, or (`schema`) no type can tell. */
interface Contradiction {
  readonly schema: z.ZodType;
  readonly record: unknown;
  readonly proof: true | 'schema';
}

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

type Asking = ThreadIn<'approved' | 'rejected'>;
const THREADS: Readonly<Record<string, Contradiction>> = {
  'a thread that was approved by nobody': {
    schema: Thread,
    record: { ...approved, decision: null },
    proof: true satisfies Refused<Thread, With<ThreadIn<'approved'>, { decision: null }>>,
  },
  'a thread that waits without asking': {
    schema: Thread,
    record: { ...awaiting, needsApproval: false, deadlineAt: null },
    proof: true satisfies Refused<
      Thread,
      With<ThreadIn<'awaiting_approval'>, { needsApproval: false; deadlineAt: null }>
    >,
  },
  'a thread that waits without an end': {
    schema: Thread,
    record: { ...awaiting, deadlineAt: null },
    proof: true satisfies Refused<Thread, With<ThreadIn<'awaiting_approval'>, { deadlineAt: null }>>,
  },
  'a thread that was rejected by an approval': {
    schema: Thread,
    record: { ...rejected, decision: approved.decision },
    proof: true satisfies Refused<Thread, With<ThreadIn<'rejected'>, Pick<ThreadIn<'approved'>, 'decision'>>>,
  },
  'a thread that was decided and closed': {
    schema: Thread,
    record: { ...rejected, closed: isClosed },
    proof: true satisfies Refused<Thread, With<Asking, Pick<ThreadIn<'closed'>, 'closed'>>>,
  },
  'a thread that was closed by nobody': {
    schema: Thread,
    record: { ...closed, closed: null },
    proof: true satisfies Refused<Thread, With<ThreadIn<'closed'>, { closed: null }>>,
  },
  'an open thread with a decision': {
    schema: Thread,
    record: { ...open, decision: rejection },
    proof: true satisfies Refused<Thread, With<ThreadIn<'open'>, Pick<ThreadIn<'rejected'>, 'decision'>>>,
  },
  'a thread that asks for nothing, until a deadline': {
    schema: Thread,
    record: { ...open, deadlineAt: later(60) },
    proof: true satisfies Refused<Thread, With<ThreadIn<'open'>, { deadlineAt: Date }>>,
  },
  'a thread of another execution than its evidence': {
    schema: Thread,
    record: { ...open, executionId: 'f' },
    proof: 'schema',
  },
  'a thread of another playbook than its evidence': {
    schema: Thread,
    record: { ...open, playbookId: 'q' },
    proof: 'schema',
  },
  'a decision after the deadline': {
    schema: Thread,
    record: { ...approved, deadlineAt: AT },
    proof: 'schema',
  },
  'a rejection that says nothing': {
    schema: Thread,
    record: { ...rejected, decision: { ...rejection, comment: '' } },
    proof: 'schema',
  },
  'a thread that was closed while it could be decided': {
    schema: Thread,
    record: { ...awaiting, state: 'closed', closed: { ...isClosed, at: later(30) } },
    proof: 'schema',
  },
};

const OTHERS: Readonly<Record<string, Contradiction>> = {
  'that playbooks run, until an instant': {
    schema: Control,
    record: { mode: 'run', until: AT, ...said },
    proof: true satisfies Refused<Control, { mode: 'run'; until: Date; reason: string; by: string }>,
  },
  'a message that was sent, and was not': {
    schema: Notification,
    record: { ...message, deliveries: [lost] },
    proof: true satisfies Refused<
      Notification,
      With<Extract<Notification, { status: 'sent' }>, Pick<Extract<Notification, { status: 'failed' }>, 'deliveries'>>
    >,
  },
  'a message that was caught, and was sent': {
    schema: Notification,
    record: { ...message, status: 'caught' },
    proof: 'schema',
  },
  'a message of another channel than its delivery': {
    schema: Notification,
    record: { ...message, channel: 'slack' },
    proof: 'schema',
  },
  'an integration that is well, and has failed since': {
    schema: IntegrationHistory,
    record: { ...online, consecutiveFailures: 3 },
    proof: true satisfies Refused<
      IntegrationHistory,
      With<Extract<IntegrationHistory, { lastStatus: 'online' | 'degraded' }>, { consecutiveFailures: 3 }>
    >,
  },
  'an integration that is well, and never was': {
    schema: IntegrationHistory,
    record: { ...online, lastSuccessAt: null },
    proof: true satisfies Refused<
      IntegrationHistory,
      With<Extract<IntegrationHistory, { lastStatus: 'online' | 'degraded' }>, { lastSuccessAt: null }>
    >,
  },
  'an integration that is down, and has not failed': {
    schema: IntegrationHistory,
    record: { ...online, lastStatus: 'offline' },
    proof: 'schema',
  },
  'a second entry of the audit log with none before it': {
    schema: AuditEntry,
    record: { ...entry, previousSha256: null },
    proof: 'schema',
  },
};

/** The same proofs of what may be written: `Refused` would else refuse everything. */
const ACCEPTED = [
  false satisfies Refused<Failure, With<Failure, { code: 'timeout'; class: 'transient' }>>,
  false satisfies Refused<Attempt, With<SucceededAttempt, { output: 1 }>>,
  false satisfies Refused<StepRecord, With<SucceededStep, { attempts: [FruitlessAttempt, SucceededAttempt] }>>,
  false satisfies Refused<Execution, With<Execution, { slot: null; trigger: { kind: 'manual' } }>>,
  false satisfies Refused<Thread, With<ThreadIn<'awaiting_approval'>, { decision: null }>>,
  false satisfies Refused<Control, { mode: 'run'; until: null; reason: string; by: string }>,
];

describe('a record', () => {
  test('that agrees with itself is read', () => {
    for (const [schema, record] of SOUND) expect(schema.safeParse(record).error?.issues ?? []).toEqual([]);
    expect(ACCEPTED).not.toContain(true);
  });

  test.each(Object.entries({ ...FAILURES, ...ATTEMPTS, ...STEPS, ...EXECUTIONS, ...THREADS, ...OTHERS }))(
    'that contradicts itself is refused: %s',
    (_, { schema, record }) => {
      expect(schema.safeParse(record).success).toBe(false);
    },
  );
});
