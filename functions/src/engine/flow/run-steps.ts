import { PlaybookError } from '#core/failure.ts';
import type { Failure } from '#core/failure.ts';
import type { Attempt, StepRecord } from '../record/execution.ts';
import type { Step } from '#language/playbook/playbook.ts';
import { rethrowIfOver, scopeFor } from '../step/read-back.ts';
import { runActionStep } from '../step/run-step.ts';
import type { RunState, Stop } from '../state/run-state.ts';
import { failureView, NO_OUTPUT } from '../state/scope.ts';
import type { HeldOutput, StepView } from '../state/scope.ts';
import { pathOf } from '#language/playbook/steps-in-order.ts';
import type { ControlStepType } from '#language/playbook/step-type.ts';

/**
 * Runs a list of steps in order. A recorded step is not run again: what the record says of it counts. Resolves to what
 * stopped the list, if something did. Throws only what ends this runner (`lease_lost`, `unavailable`, `ShuttingDown`).
 */
export async function runSteps(steps: readonly Step[], parentPath: string, run: RunState): Promise<Stop | undefined> {
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) break;
    const path = pathOf(parentPath, step);
    const stop = runRecordedStep(step, path, run) ?? (await runNewStep(step, path, run));
    if (stop === undefined || stop === 'done') continue;

    const onFailure = step.onFailure ?? 'abort';
    if (onFailure === 'abort' || (run.signal.aborted && !hasGoneOn(path, run))) return stop;
    goOn(step, path, stop, run);
    if (onFailure !== 'continue') index = indexAfter(steps, onFailure, index) - 1;
  }
  return undefined;
}

/** Notes that the execution goes on after a failure, and whether that failure still counts in the end. */
function goOn(step: Step, path: string, stop: Stop, run: RunState): void {
  const record = run.journal.steps.get(path);
  if (record?.status === 'failed' && !record.continued) run.journal.put({ ...record, continued: true });
  if (step.critical !== false) run.tally.continuedFailure ??= stop;
}

/** Whether an earlier runner went on after this failure. */
function hasGoneOn(path: string, run: RunState): boolean {
  const record = run.journal.steps.get(path);
  return record?.status === 'failed' && record.continued;
}

function indexAfter(steps: readonly Step[], target: string, current: number): number {
  const index = steps.findIndex((step) => step.id === target);
  if (index > current) return index;
  throw new PlaybookError('invalid_playbook', `onFailure names ${target}, which is not a later step beside it.`);
}

/** What the record says of a step that ended before this runner came, and of the steps inside it. */
function runRecordedStep(step: Step, path: string, run: RunState): Stop | 'done' | undefined {
  const record = run.journal.steps.get(path);
  if (record === undefined || record.status === 'running') return undefined;
  const inside = restoreBlock(record, step, path, run);
  if (record.status === 'failed') {
    run.scope.set(step.id, failedView(record.failure));
    return inside ?? { path, failure: record.failure };
  }
  if (record.status === 'skipped') {
    run.scope.set(step.id, { status: 'skipped', output: NO_OUTPUT, failure: null });
    return 'done';
  }
  const last = record.attempts.at(-1);
  if (last?.status === 'succeeded') run.scope.set(step.id, succeededView(outputOf(last)));
  return 'done';
}

/** A large output of an earlier runner stays where it is until an expression names it. */
function outputOf({ output = null, outputRef }: Extract<Attempt, { status: 'succeeded' }>): HeldOutput {
  return outputRef === undefined ? { kind: 'value', value: output } : { kind: 'stored', ref: outputRef };
}

function succeededView(output: HeldOutput): StepView {
  return { status: 'succeeded', output, failure: null };
}

function failedView(failure: Failure): StepView {
  return { status: 'failed', output: NO_OUTPUT, failure: failureView(failure) };
}

/** What stopped the steps inside, if something did. */
function restoreBlock(record: StepRecord, step: Step, path: string, run: RunState): Stop | undefined {
  const type = run.engine.stepTypes.get(step.type);
  if (type?.kind !== 'control') return undefined;
  for (const nested of blockNamed(type, step, record.block)) {
    const nestedPath = pathOf(path, nested);
    const stop = runRecordedStep(nested, nestedPath, run);
    if (stop === undefined || stop === 'done') continue;
    if (!hasGoneOn(nestedPath, run)) return stop;
    goOn(nested, nestedPath, stop, run);
  }
  return undefined;
}

async function runNewStep(step: Step, path: string, run: RunState): Promise<Stop | undefined> {
  run.journal.lost.throwIfAborted();
  run.shutdown.begun.throwIfAborted();
  // What has begun must end, too; what has not leaves no trace.
  if (run.signal.aborted && !run.journal.steps.has(path)) return { path, failure: run.toFailure(run.signal.reason) };
  try {
    if (!(await isDue(step, path, run))) return skip(step, path, run);
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    return { path, failure: failUnrun(step, path, run.toFailure(thrown), run) };
  }
  const type = run.engine.stepTypes.get(step.type);
  if (type === undefined) {
    throw new PlaybookError('internal', `The step type ${step.type} was known when the execution began.`);
  }
  if (type.kind === 'control') return runControlStep(step, path, type, run);
  const failure = await runActionStep({ path, step, type }, run);
  return failure === undefined ? undefined : { path, failure };
}

/** Whether its `if` lets the step run. One that has begun is not asked again; a condition decides by its `if` itself. */
async function isDue(step: Step, path: string, run: RunState): Promise<boolean> {
  if (step.if === undefined || run.journal.steps.has(path)) return true;
  const type = run.engine.stepTypes.get(step.type);
  if (type?.kind === 'control' && type.expressions(step).some(({ field }) => field === 'if')) return true;
  return run.expressions.isTrue(step.if, await scopeFor([step.if], run.engine.clock.now(), run));
}

function skip(step: Step, path: string, run: RunState): undefined {
  run.journal.put({ ...emptyRecord(step, path, run), status: 'skipped', reason: 'Its if was false.' });
  run.scope.set(step.id, { status: 'skipped', output: NO_OUTPUT, failure: null });
  run.progress();
}

function failUnrun(step: Step, path: string, failure: Failure, run: RunState): Failure {
  run.journal.put({ ...emptyRecord(step, path, run), status: 'failed', failure, continued: false });
  run.scope.set(step.id, failedView(failure));
  run.progress();
  return failure;
}

function emptyRecord(step: Step, path: string, run: RunState) {
  const now = run.engine.clock.now();
  const order = run.journal.steps.get(path)?.order ?? run.journal.steps.size;
  return { path, id: step.id, type: step.type, order, startedAt: now, completedAt: now, durationMs: 0, attempts: [] };
}

/** Chooses a block, puts the choice down so that a resumed execution goes the same way, and runs it. */
async function runControlStep(
  step: Step,
  path: string,
  type: ControlStepType,
  run: RunState,
): Promise<Stop | undefined> {
  const record = await decideOnce(step, path, type, run);
  if (record.status === 'failed') return { path, failure: record.failure };
  run.progress();

  const stop = await runSteps(blockNamed(type, step, record.block), path, run);
  const completedAt = run.engine.clock.now();
  const durationMs = Math.max(0, completedAt.getTime() - record.startedAt.getTime());
  if (stop === undefined) {
    run.journal.put({ ...record, status: 'succeeded', completedAt, durationMs });
  } else {
    run.journal.put({ ...record, status: 'failed', failure: stop.failure, continued: false, completedAt, durationMs });
    run.scope.set(step.id, failedView(stop.failure));
  }
  run.progress();
  return stop;
}

async function decideOnce(step: Step, path: string, type: ControlStepType, run: RunState) {
  const recorded = run.journal.steps.get(path);
  const decided = recorded?.attempts[0];
  if (recorded?.status === 'running' && decided?.status === 'succeeded') {
    run.scope.set(step.id, succeededView({ kind: 'value', value: decided.output ?? null }));
    return recorded;
  }
  const now = run.engine.clock.now();
  try {
    const sources = type.expressions(step).map(({ expression }) => expression);
    const scope = await scopeFor(sources, now, run);
    const { output, block } = type.decide(step, (expression) => run.expressions.evaluate(expression, scope));
    const attempt = {
      number: 1,
      status: 'succeeded' as const,
      startedAt: now,
      completedAt: now,
      durationMs: 0,
      output,
    };
    const { completedAt: _, durationMs: __, ...begun } = emptyRecord(step, path, run);
    const record = {
      ...begun,
      status: 'running' as const,
      attempts: [attempt],
      ...(block === undefined ? {} : { block }),
    };
    run.journal.put(record);
    run.scope.set(step.id, succeededView({ kind: 'value', value: output }));
    return record;
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    const failure = failUnrun(step, path, run.toFailure(thrown), run);
    return { status: 'failed' as const, failure };
  }
}

function blockNamed(type: ControlStepType, step: Step, name: string | undefined): readonly Step[] {
  return type.blocks(step).find((block) => block.name === name)?.steps ?? [];
}
