import type { Step } from '#language/playbook/playbook.ts';
import type { ControlStepType } from '#language/playbook/step-type.ts';
import { pathOf } from '#language/playbook/steps-in-order.ts';
import type { SucceededAttempt } from '../record/attempt.ts';
import { continued, lastAttempt } from '../record/step-record.ts';
import type { StepRecord } from '../record/step-schema.ts';
import type { RunState, Stop } from '../state/run-state.ts';
import type { HeldOutput } from '../state/scope.ts';
import { failedView, SKIPPED, succeededView } from './step-views.ts';

/** What the record says of a step that ended before this runner came, and of the steps inside it. */
export function runRecordedStep(step: Step, path: string, run: RunState): Stop | 'done' | undefined {
  const record = run.journal.steps.get(path);
  if (record === undefined || record.status === 'running') return undefined;
  const inside = restoreBlock(record, step, path, run);
  if (record.status === 'failed') {
    run.scope.set(step.id, failedView(record.failure));
    return inside ?? { path, failure: record.failure };
  }
  if (record.status === 'skipped') {
    run.scope.set(step.id, SKIPPED);
    return 'done';
  }
  const last = lastAttempt(record);
  if (last !== undefined) run.scope.set(step.id, succeededView(outputOf(last)));
  return 'done';
}

/** A large output of an earlier runner stays where it is until an expression names it. */
function outputOf(attempt: SucceededAttempt): HeldOutput {
  if (attempt.outputRef !== undefined) return { kind: 'stored', ref: attempt.outputRef };
  return { kind: 'value', value: attempt.output };
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

/** Marks the failed step `continued`, and remembers the failure if the step is critical. */
export function goOn(step: Step, path: string, stop: Stop, run: RunState): void {
  const record = run.journal.steps.get(path);
  if (record?.status === 'failed' && !record.continued) run.journal.put(continued(record));
  if (step.critical !== false) run.tally.continuedFailure ??= stop;
}

/** Whether an earlier runner went on after this failure. */
export function hasGoneOn(path: string, run: RunState): boolean {
  const record = run.journal.steps.get(path);
  return record?.status === 'failed' && record.continued;
}

/** The steps of one block of a control step; none where it has no such block. */
export function blockNamed(type: ControlStepType, step: Step, name: string | undefined): readonly Step[] {
  return type.blocks(step).find((block) => block.name === name)?.steps ?? [];
}
