import type { Failure } from '#core/failure.ts';
import { failureView, type HeldOutput, NO_OUTPUT, type StepView } from '../state/scope.ts';

/** What expressions see of a step that was skipped. */
export const SKIPPED: StepView = { status: 'skipped', output: NO_OUTPUT, failure: null };

/** What expressions see of a step that succeeded. */
export function succeededView(output: HeldOutput): StepView {
  return { status: 'succeeded', output, failure: null };
}

/** What expressions see of a step that failed. */
export function failedView(failure: Failure): StepView {
  return { status: 'failed', output: NO_OUTPUT, failure: failureView(failure) };
}
