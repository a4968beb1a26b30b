import type { Attempt } from '#engine/record/attempt.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { PlaybookError } from '#core/failure.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';
import { readExecution } from '#records/executions/executions.ts';
import type { SimulatedProcess } from './simulated-time.ts';

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
  /** A runner's write has happened, and this is the stored document. */
  wrote(by: SimulatedProcess, stored: StoredDocument): void;
  began(by: SimulatedProcess, context: StepContext, hasEffect: boolean): void;
  /** The effect of the last attempt that began has ended. */
  endedEffect(by: SimulatedProcess, context: StepContext): void;
}

export function executionWitness(): ExecutionWitness {
  const violations: string[] = [];
  const calls = new Map<string, string[]>();
  /** The attempts that each process has stored, with their progress. */
  const storedAttempts = new Set<string>();
  /** The finished effects of each process, which must be stored before it begins anything else. */
  const effectsBehind = new Map<string, string>();
  const answered = new Set<SimulatedProcess>();
  let latest: Execution | undefined;
  let latestAt = 0;

  const check = (holds: boolean, promise: string): void => {
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
    wrote(by, stored) {
      const before = latest;
      const ageMs = stored.updatedAt.getTime() - latestAt;
      latest = readExecution(stored);
      latestAt = stored.updatedAt.getTime();
      if (before !== undefined) {
        check(before.status === 'running', `${by.name} changed an execution that had ended`);
        checkOwner(by, before, { latest, ageMs }, check);
        for (const step of Object.values(before.steps)) checkStep(by, step, latest.steps[step.path], check);
      }
      checkWhole(latest, check);
      for (const attempt of attemptsIn(latest)) storedAttempts.add(`${by.name} ${attempt}`);
    },
    began(by, context, hasEffect) {
      const { stepPath, idempotencyKey } = context;
      const isOwner = latest?.status === 'running' && latest.lease.owner === by.name;
      const status = latest?.steps[stepPath]?.status ?? 'running';
      check(!isOwner || status === 'running', `${by.name} ran ${stepPath} again, which is recorded as ${status}`);
      check(!context.signal.aborted, `${by.name} ran ${stepPath} although its time was up`);
      const behind = effectsBehind.get(by.name);
      check(
        behind === undefined || storedAttempts.has(`${behind} ended`),
        `${behind} was not stored before ${stepPath}`,
      );
      effectsBehind.delete(by.name);
      if (!hasEffect) return;
      check(
        storedAttempts.has(`${attemptOf(by, context)} began`),
        `${attemptOf(by, context)} was not stored before it ran`,
      );
      calls.set(stepPath, [...(calls.get(stepPath) ?? []), idempotencyKey]);
    },
    endedEffect(by, context) {
      effectsBehind.set(by.name, attemptOf(by, context));
    },
  };
}

function attemptsIn({ steps }: Execution): string[] {
  return Object.values(steps).flatMap(({ path, attempts }) =>
    attempts.map(({ number, status }) => `${path}#${number} ${status === 'running' ? 'began' : 'ended'}`),
  );
}

type Check = (holds: boolean, promise: string) => void;

function checkOwner(
  { name }: SimulatedProcess,
  before: Execution,
  { latest, ageMs }: { readonly latest: Execution; readonly ageMs: number },
  check: Check,
): void {
  if (before.status !== 'running') return;
  const { lease } = before;
  if (latest.status !== 'running') {
    check(lease.owner === name, `${name} ended an execution that ${lease.owner} held`);
    return;
  }
  check(latest.lease.owner === name, `${name} wrote in the name of ${latest.lease.owner}`);
  if (lease.owner === name) return;
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
    check(attempt.status === 'running' || isDeepStrictEqual(attempt, later), `${what}: its attempt ${attempt.number}`);
    const callsBefore = attempt.modelCalls?.length ?? 0;
    check((later?.modelCalls?.length ?? 0) >= callsBefore, `${what}: it has lost model calls`);
  }
}

function checkWhole(execution: Execution, check: Check): void {
  const steps = Object.values(execution.steps);
  const orders = steps.map(({ order }) => order).toSorted((a, b) => a - b);
  check(
    orders.every((order, index) => order === index),
    `the orders of the steps are ${orders.join()}`,
  );
  for (const { path, attempts } of steps) {
    check(
      attempts.every(({ number }, index) => number === index + 1),
      `the attempts of ${path} are not numbered`,
    );
    check(
      attempts.slice(0, -1).every(({ status }) => status !== 'running'),
      `an earlier attempt of ${path} runs`,
    );
  }
  const requests = steps
    .flatMap(({ attempts }): readonly Attempt[] => attempts)
    .flatMap(({ modelCalls = [] }) => modelCalls);
  check(new Set(requests.map(({ requestId }) => requestId)).size === requests.length, 'a model call is counted twice');
  if (execution.status === 'running') return;
  const open = steps.filter(({ status }) => status === 'running').map(({ path }) => path);
  check(open.length === 0, `the execution has ended, but not its steps ${open.join(', ')}`);
  const ended = steps.filter(({ status }) => status === 'succeeded' || status === 'failed').length;
  check(execution.stepsExecuted === ended, `stepsExecuted is ${execution.stepsExecuted}, not ${ended}`);
}
