import type { Step } from '#language/playbook/playbook.ts';
import type { StepPath } from '#language/playbook/step-path.ts';
import type { Rest } from '../state/rest.ts';
import type { RunState } from '../state/run-state.ts';

/** Runs a list of steps that stands in another step, or in one of its iterations. */
export type RunList = (steps: readonly Step[], parent: StepPath, run: RunState) => Promise<Rest>;
