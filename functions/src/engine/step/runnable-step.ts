import { durationMs } from '#core/duration.ts';
import type { Step } from '#language/playbook/playbook.ts';
import type { StepPath } from '#language/playbook/step-path.ts';
import type { ActionStepType } from '#language/playbook/step-type.ts';

/** A step that is about to run: its path, its definition and its type. */
export interface RunnableStep {
  readonly path: StepPath;
  readonly step: Step;
  readonly type: ActionStepType;
}

/** How long one attempt of the step may take. */
export function timeoutMsOf({ step, type }: RunnableStep): number {
  return step.timeout === undefined ? type.defaultTimeoutMs : durationMs(step.timeout);
}
