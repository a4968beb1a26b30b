import { PlaybookError } from './failure.ts';
import type { Failure } from './failure.ts';
import type { StepRecord } from './execution.ts';
import type { Step } from './playbook.ts';
import { runActionStep } from './run-step.ts';
import type { RunState, Stop } from './run-state.ts';
import { failureView, pathOf } from './scope.ts';
import type { ControlStepType } from './step-type.ts';

/**
 * Runs a list of steps in order. A recorded step is not run again: what the record says of it counts. Resolves to what
 * stopped the list, if something did. Throws only what ends this runner (`lease_lost`, `unavailable`).
 */
export async function runSteps(steps: readonly Step[], parentPath: string, run: RunState): Promise<Stop | undefined> {
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) break;
    const path = pathOf(parentPath, step);
    const stop = (await runRecordedStep(step, path, run)) ?? (await runNewStep(step, path, run));
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
  if (step.critical !== false) run.continuedFailure ??= stop;
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
async function runRecordedStep(step: Step, path: string, run: RunState): Promise<Stop | 'done' | undefined> {
  const record = run.journal.steps.get(path);
  if (record === undefined || record.status === 'running') return undefined;
  const inside = await restoreBlock(record, step, path, run);
  if (record.status === 'failed') {
    run.scope.set(step.id, { status: 'failed', output: null, failure: failureView(record.failure) });
    return inside ?? { path, failure: record.failure };
  }
  if (record.status === 'skipped') {
    run.scope.set(step.id, { status: 'skipped', output: null, failure: null });
    return 'done';
  }
  const last = record.attempts.at(-1);
  if (last?.status === 'succeeded') {
    const output =
      last.outputRef === undefined ? (last.output ?? null) : await run.engine.store.loadOutput(last.outputRef);
    run.scope.set(step.id, { status: 'succeeded', output, failure: null });
  }
  return 'done';
}

/** Resolves to what stopped the steps inside, if something did. */
async function restoreBlock(record: StepRecord, step: Step, path: string, run: RunState): Promise<Stop | undefined> {
  const type = run.engine.stepTypes.get(step.type);
  if (type?.kind !== 'control') return undefined;
  for (const nested of blockNamed(type, step, record.block)) {
    const nestedPath = pathOf(path, nested);
    const stop = await runRecordedStep(nested, nestedPath, run);
    if (stop === undefined || stop === 'done') continue;
    if (!hasGoneOn(nestedPath, run)) return stop;
    goOn(nested, nestedPath, stop, run);
  }
  return undefined;
}

async function runNewStep(step: Step, path: string, run: RunState): Promise<Stop | undefined> {
  run.journal.lost.throwIfAborted();
  // What has begun must end, too; what has not leaves no trace.
  if (run.signal.aborted && !run.journal.steps.has(path)) return { path, failure: run.toFailure(run.signal.reason) };
  try {
    if (!isDue(step, path, run)) return skip(step, path, run);
  } catch (thrown) {
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
function isDue(step: Step, path: string, run: RunState): boolean {
  if (step.if === undefined || run.journal.steps.has(path)) return true;
  const type = run.engine.stepTypes.get(step.type);
  if (type?.kind === 'control' && type.expressions(step).some(({ field }) => field === 'if')) return true;
  return run.expressions.isTrue(step.if, run.scope.at(run.engine.clock.now()));
}

function skip(step: Step, path: string, run: RunState): undefined {
  run.journal.put({ ...emptyRecord(step, path, run), status: 'skipped', reason: 'Its if was false.' });
  run.scope.set(step.id, { status: 'skipped', output: null, failure: null });
  run.progress();
}

function failUnrun(step: Step, path: string, failure: Failure, run: RunState): Failure {
  run.journal.put({ ...emptyRecord(step, path, run), status: 'failed', failure, continued: false });
  run.scope.set(step.id, { status: 'failed', output: null, failure: failureView(failure) });
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
  const record = decideOnce(step, path, type, run);
  if (record.status === 'failed') return { path, failure: record.failure };
  run.progress();

  const stop = await runSteps(blockNamed(type, step, record.block), path, run);
  const completedAt = run.engine.clock.now();
  const durationMs = Math.max(0, completedAt.getTime() - record.startedAt.getTime());
  if (stop === undefined) {
    run.journal.put({ ...record, status: 'succeeded', completedAt, durationMs });
  } else {
    run.journal.put({ ...record, status: 'failed', failure: stop.failure, continued: false, completedAt, durationMs });
    run.scope.set(step.id, { status: 'failed', output: null, failure: failureView(stop.failure) });
  }
  run.progress();
  return stop;
}

function decideOnce(step: Step, path: string, type: ControlStepType, run: RunState) {
  const recorded = run.journal.steps.get(path);
  const decided = recorded?.attempts[0];
  if (recorded?.status === 'running' && decided?.status === 'succeeded') {
    run.scope.set(step.id, { status: 'succeeded', output: decided.output ?? null, failure: null });
    return recorded;
  }
  const now = run.engine.clock.now();
  try {
    const { output, block } = type.decide(step, (expression) =>
      run.expressions.evaluate(expression, run.scope.at(now)),
    );
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
    run.scope.set(step.id, { status: 'succeeded', output, failure: null });
    return record;
  } catch (thrown) {
    const failure = failUnrun(step, path, run.toFailure(thrown), run);
    return { status: 'failed' as const, failure };
  }
}

function blockNamed(type: ControlStepType, step: Step, name: string | undefined): readonly Step[] {
  return type.blocks(step).find((block) => block.name === name)?.steps ?? [];
}
