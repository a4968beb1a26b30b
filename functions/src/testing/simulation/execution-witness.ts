import { isDeepStrictEqual } from 'node:util';
import type { Attempt } from '#engine/record/attempt.ts';
import { executedCount } from '#engine/record/contradictions.ts';
import { isEnded, type Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { PlaybookError } from '#core/failure.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';
import { areInLine, type StepLines } from './lines-of-steps.ts';
import type { SimulatedProcess } from './simulated-time.ts';

/** An execution as it is stored: its record, and the steps of its iterations with it. */
export interface StoredWhole {
  readonly execution: Execution;
  readonly steps: Readonly<Record<string, StepRecord>>;
}

/** Watches one execution from outside: what is written to it, and the effects of its steps. */
export interface ExecutionWitness {
  /** The broken promises, in words. */
  readonly violations: readonly string[];
  /** The keys of each step's calls, by step path, only for steps with effects. */
  readonly calls: ReadonlyMap<string, readonly string[]>;
  /** A runner has answered its delivery, or thrown an error. */
  answered(by: SimulatedProcess, thrown?: unknown): void;
  /** A runner asks the database to write. */
  writes(by: SimulatedProcess): void;
  /** A runner's write has happened; this is the stored document, and everything that is stored with it. */
  wrote(by: SimulatedProcess, stored: StoredDocument, whole: StoredWhole): void;
  began(by: SimulatedProcess, context: StepContext, hasEffect: boolean): void;
  /** The effect of the last attempt that began has ended. */
  endedEffect(by: SimulatedProcess, context: StepContext): void;
}

/** The name of the process that cancels executions, which needs no lease for that. */
export const CANCELLER = 'canceller';

type Check = (holds: boolean, promise: string) => void;

export function executionWitness(lines: StepLines): ExecutionWitness {
  const violations: string[] = [];
  const calls = new Map<string, string[]>();
  /** The attempts that each process has stored, with their progress. */
  const storedAttempts = new Set<string>();
  const effects = effectsBehind(lines);
  const answered = new Set<SimulatedProcess>();
  let latest: StoredWhole | undefined;
  let latestAt = 0;

  const check: Check = (holds, promise) => {
    if (!holds) violations.push(promise);
  };
  const attemptOf = (by: SimulatedProcess, { stepPath, attempt }: StepContext) => `${by.name} ${stepPath}#${attempt}`;

  return {
    violations,
    calls,
    answered(by, thrown) {
      answered.add(by);
      const isExpected = thrown instanceof PlaybookError && /^(lease_lost|unavailable)$/.test(thrown.code);
      check(thrown === undefined || isExpected, `${by.name} threw ${String(thrown)}`);
    },
    writes(by) {
      check(!answered.has(by), `${by.name} wrote after it had answered`);
    },
    wrote(by, stored, whole) {
      const before = latest;
      const now = stored.updatedAt;
      if (before !== undefined) {
        check(!isEnded(before.execution), `${by.name} changed an execution that had ended`);
        checkHolder(by, before.execution, { latest: whole.execution, now, ageMs: now.getTime() - latestAt }, check);
        for (const step of Object.values(before.steps)) checkStep(by, step, whole.steps[step.path], check);
      }
      latest = whole;
      latestAt = now.getTime();
      checkWhole(whole, check);
      check(stored.data['status'] === 'running' || !('lease' in stored.data), `${by.name} left a lease behind`);
      for (const attempt of attemptsIn(whole)) storedAttempts.add(`${by.name} ${attempt}`);
    },
    began(by, context, hasEffect) {
      const { stepPath, idempotencyKey } = context;
      const execution = latest?.execution;
      const isOwner = execution?.status === 'running' && execution.lease.owner === by.name;
      const status = latest?.steps[stepPath]?.status ?? 'running';
      check(!isOwner || status === 'running', `${by.name} ran ${stepPath} again, which is recorded as ${status}`);
      check(!context.signal.aborted, `${by.name} ran ${stepPath} although its time was up`);
      for (const attempt of effects.takeInLine(by, stepPath)) {
        check(storedAttempts.has(`${attempt} ended`), `${attempt} was not stored before ${stepPath}`);
      }
      if (!hasEffect) return;
      check(
        storedAttempts.has(`${attemptOf(by, context)} began`),
        `${attemptOf(by, context)} was not stored before it ran`,
      );
      calls.set(stepPath, [...(calls.get(stepPath) ?? []), idempotencyKey]);
    },
    endedEffect: (by, context) => effects.add(by, context.stepPath, attemptOf(by, context)),
  };
}

/** The effects of each process that have ended: stored before it begins anything else in the same line. */
function effectsBehind({ lineOf }: StepLines) {
  const all = new Map<string, { readonly line: string; readonly attempt: string }[]>();
  return {
    add({ name }: SimulatedProcess, stepPath: string, attempt: string): void {
      all.set(name, [...(all.get(name) ?? []), { line: lineOf(stepPath), attempt }]);
    },
    takeInLine({ name }: SimulatedProcess, stepPath: string): readonly string[] {
      const line = lineOf(stepPath);
      const { taken = [], left = [] } = Object.groupBy(all.get(name) ?? [], (effect) =>
        areInLine(effect.line, line) ? 'taken' : 'left',
      );
      all.set(name, left);
      return taken.map(({ attempt }) => attempt);
    },
  };
}

function attemptsIn({ steps }: StoredWhole): string[] {
  return Object.values(steps).flatMap(({ path, attempts }) =>
    attempts.map(({ number, status }) => `${path}#${number} ${status === 'running' ? 'began' : 'ended'}`),
  );
}

/** Who may write what: the holder of the lease, a runner that takes over an old one or wakes what is due, and the canceller. */
function checkHolder(
  { name }: SimulatedProcess,
  before: Execution,
  after: { readonly latest: Execution; readonly now: Date; readonly ageMs: number },
  check: Check,
): void {
  const { latest, now, ageMs } = after;
  if (name === CANCELLER) return check(latest.status === 'cancelled', `${name} made it ${latest.status}`);
  if (before.status === 'waiting') {
    check(latest.status === 'running', `${name} made ${latest.status} of an execution that waits`);
    return check(before.wakeAt <= now, `${name} woke it before it was due`);
  }
  if (before.status !== 'running') return;
  const { lease } = before;
  if (latest.status !== 'running') {
    return check(lease.owner === name, `${name} ended or parked an execution that ${lease.owner} held`);
  }
  check(latest.lease.owner === name, `${name} wrote in the name of ${latest.lease.owner}`);
  if (lease.owner === name) {
    return check(latest.wakeAt?.getTime() !== before.wakeAt?.getTime(), `${name} set no wakeAt`);
  }
  check(ageMs > lease.durationMs, `${name} took over a lease that ${lease.owner} still held`);
  check(latest.lease.takeovers === lease.takeovers + 1, `${name} did not count its takeover`);
}

function checkStep({ name }: SimulatedProcess, before: StepRecord, after: StepRecord | undefined, check: Check): void {
  const what = `${name} changed ${before.path}`;
  if (after === undefined) return check(false, `${what}: it is gone`);
  if (before.status !== 'running') {
    const continued = after.status === 'failed' && before.status === 'failed' ? { continued: after.continued } : {};
    check(isDeepStrictEqual({ ...before, ...continued }, after), `${what}, which had ended`);
  }
  check(after.attempts.length >= before.attempts.length, `${what}: it has lost attempts`);
  for (const [index, attempt] of before.attempts.entries()) {
    const later = after.attempts[index];
    const isOpen = attempt.status === 'running' || attempt.status === 'waiting';
    check(isOpen || isDeepStrictEqual(attempt, later), `${what}: its attempt ${attempt.number}`);
    const callsBefore = attempt.modelCalls?.length ?? 0;
    check((later?.modelCalls?.length ?? 0) >= callsBefore, `${what}: it has lost model calls`);
  }
}

function checkWhole({ execution, steps: all }: StoredWhole, check: Check): void {
  const steps = Object.values(all);
  checkOrders(steps, check);
  for (const { path, attempts } of steps) {
    check(
      attempts.every(({ number }, index) => number === index + 1),
      `the attempts of ${path} are not numbered`,
    );
    check(
      attempts.slice(0, -1).every(({ status }) => status !== 'running' && status !== 'waiting'),
      `an earlier attempt of ${path} runs`,
    );
  }
  const requests = steps
    .flatMap(({ attempts }): readonly Attempt[] => attempts)
    .flatMap(({ modelCalls = [] }) => modelCalls);
  check(new Set(requests.map(({ requestId }) => requestId)).size === requests.length, 'a model call is counted twice');
  if (execution.status === 'waiting') {
    const running = steps.filter(({ attempts }) => attempts.at(-1)?.status === 'running').map(({ path }) => path);
    check(running.length === 0, `it waits, and ${running.join(', ')} runs`);
  }
  if (!isEnded(execution)) return;
  const open = steps.filter(({ status }) => status === 'running').map(({ path }) => path);
  check(open.length === 0, `the execution has ended, but not its steps ${open.join(', ')}`);
  const ended = executedCount(Object.values(execution.steps));
  check(execution.stepsExecuted === ended, `stepsExecuted is ${execution.stepsExecuted}, not ${ended}`);
}

/** Steps are numbered in the order in which they began; those of a runner that vanished may leave gaps beside each other. */
function checkOrders(steps: readonly StepRecord[], check: Check): void {
  const orders = steps.map(({ order }) => order).toSorted((a, b) => a - b);
  check(new Set(orders).size === orders.length, `two steps have the same order: ${orders.join()}`);
  if (steps.some(({ spread }) => spread !== undefined)) return;
  check(
    orders.every((order, index) => order === index),
    `the orders of the steps are ${orders.join()}`,
  );
}
