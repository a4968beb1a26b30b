import { durationMs } from '#core/duration.ts';
import type { Step } from '#language/playbook/playbook.ts';
import type { ActionStepType } from '#language/playbook/step-type.ts';

/** A step as it is about to run: where it stands, what it is, and what the record says of it so far. */
export interface RunnableStep {
  readonly path: string;
  readonly step: Step;
  readonly type: ActionStepType;
}

/** How long one attempt of the step may take. */
export function timeoutMsOf({ step, type }: RunnableStep): number {
  return step.timeout === undefined ? type.defaultTimeoutMs : durationMs(step.timeout);
}
