import type { Step } from '#language/playbook/playbook.ts';
import type { ControlStepType } from '#language/playbook/step-type.ts';
import { iterationOf, pathOf, type StepPath } from '#language/playbook/step-path.ts';
import type { SucceededAttempt } from '../record/attempt.ts';
import { continued, lastAttempt } from '../record/step-record.ts';
import type { StepRecord } from '../record/step-schema.ts';
import type { RunState, Stop } from '../state/run-state.ts';
import type { HeldOutput } from '../state/scope.ts';
import { failedView, SKIPPED, succeededView } from './step-views.ts';

/** What the record says of a step that ended before this runner came, and of the steps inside it. */
export function runRecordedStep(step: Step, path: StepPath, run: RunState): Stop | 'done' | undefined {
  const record = run.journal.steps.get(path);
  if (record === undefined || record.status === 'running') return undefined;
  const inside = restoreBlocks(record, step, path, run);
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
function restoreBlocks(record: StepRecord, step: Step, path: StepPath, run: RunState): Stop | undefined {
  const type = run.engine.stepTypes.get(step.type);
  if (type?.kind !== 'control') return undefined;
  const { spread } = record;
  if (spread === undefined) return restoreList(blockNamed(type, step, record.block), path, run);
  if (spread.kind === 'branches') {
    const stops = spread.blocks.map((block) => restoreList(blockNamed(type, step, block), path, run));
    return stops.find((stop) => stop !== undefined);
  }
  const steps = blockNamed(type, step, spread.block);
  const iterations = Array.from({ length: spread.count }, (_, index) => iterationOf(path, index));
  // What the steps of an iteration left, nobody outside of it sees.
  const stops = iterations.map((at) => restoreList(steps, at, { ...run, scope: run.scope.inside({}) }));
  return stops.find((stop) => stop !== undefined);
}

function restoreList(steps: readonly Step[], parent: StepPath, run: RunState): Stop | undefined {
  for (const nested of steps) {
    const path = pathOf(parent, nested);
    const stop = runRecordedStep(nested, path, run);
    if (stop === undefined || stop === 'done') continue;
    if (!hasGoneOn(path, run)) return stop;
    goOn(nested, path, stop, run);
  }
  return undefined;
}

/** Marks the failed step `continued`, and remembers the failure if the step is critical. */
export function goOn(step: Step, path: StepPath, stop: Stop, run: RunState): void {
  const record = run.journal.steps.get(path);
  if (record?.status === 'failed' && !record.continued) run.journal.put(continued(record));
  if (step.critical !== false) run.tally.continuedFailure ??= stop;
}

/** Whether an earlier runner went on after this failure. */
export function hasGoneOn(path: StepPath, run: RunState): boolean {
  const record = run.journal.steps.get(path);
  return record?.status === 'failed' && record.continued;
}

/** The steps of one block of a control step; none where it has no such block. */
export function blockNamed(type: ControlStepType, step: Step, name: string | undefined): readonly Step[] {
  return type.blocks(step).find((block) => block.name === name)?.steps ?? [];
}
