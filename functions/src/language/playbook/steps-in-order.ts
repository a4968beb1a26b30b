import type { Step } from './playbook.ts';
import type { ControlStepType } from './step-type.ts';

/** What `status` may be of a step that an expression can see. */
export const VISIBLE_STATUSES = ['succeeded', 'failed', 'skipped', 'pending', 'running'] as const;
export type VisibleStatus = (typeof VISIBLE_STATUSES)[number];

/** A step and where it stands: its own id behind the ids of the steps around it. */
export interface PlacedStep {
  readonly path: string;
  readonly step: Step;
}

/** The path of a step below another (empty: at the top): `any_offline.alert`. */
export function pathOf(parentPath: string, step: Step): string {
  return parentPath === '' ? step.id : `${parentPath}.${step.id}`;
}

/** How deep a step stands: 0 at the top, 1 inside a step of the top. */
export function depthOf(path: string): number {
  return path.split('.').length - 1;
}

/** What is known of a step type where only the steps inside are of interest. */
export type NestingStepType = { readonly kind: 'action' } | Pick<ControlStepType, 'kind' | 'blocks'>;

/** Every step of a playbook, nested ones included, in the order in which they are written. */
export function allSteps(
  steps: readonly Step[],
  types: ReadonlyMap<string, NestingStepType>,
  parentPath = '',
): PlacedStep[] {
  return steps.flatMap((step) => {
    const path = pathOf(parentPath, step);
    const type = types.get(step.type);
    const nested = type?.kind === 'control' ? type.blocks(step) : [];
    return [{ path, step }, ...nested.flatMap((block) => allSteps(block.steps, types, path))];
  });
}
