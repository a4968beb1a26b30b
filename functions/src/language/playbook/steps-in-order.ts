import type { Step } from './playbook.ts';
import { pathOf, type StepPath } from './step-path.ts';
import type { ControlStepType } from './step-type.ts';

/** The statuses of steps that an expression can read. */
export const VISIBLE_STATUSES = ['succeeded', 'failed', 'skipped', 'pending', 'running'] as const;
export type VisibleStatus = (typeof VISIBLE_STATUSES)[number];

/** A step and its path: the ids of the enclosing steps, then its own. */
export interface PlacedStep {
  readonly path: StepPath;
  readonly step: Step;
}

/** The part of a step type needed to find its nested steps. */
export type NestingStepType = { readonly kind: 'action' } | Pick<ControlStepType, 'kind' | 'blocks'>;

/** Every step of a playbook, including nested ones, in the order written. */
export function allSteps(
  steps: readonly Step[],
  types: ReadonlyMap<string, NestingStepType>,
  parent?: StepPath,
): PlacedStep[] {
  return steps.flatMap((step) => {
    const path = pathOf(parent, step);
    const type = types.get(step.type);
    const nested = type?.kind === 'control' ? type.blocks(step) : [];
    return [{ path, step }, ...nested.flatMap((block) => allSteps(block.steps, types, path))];
  });
}
