import type { Step } from './playbook.ts';
import type { ControlStepType } from './step-type.ts';

/** The statuses of steps that an expression can read. */
export const VISIBLE_STATUSES = ['succeeded', 'failed', 'skipped', 'pending', 'running'] as const;
export type VisibleStatus = (typeof VISIBLE_STATUSES)[number];

/** A step and its path: the ids of the enclosing steps, then its own. */
export interface PlacedStep {
  readonly path: string;
  readonly step: Step;
}

/** The path of a step inside another (empty for the top level): `any_offline.alert`. */
export function pathOf(parentPath: string, step: Step): string {
  return parentPath === '' ? step.id : `${parentPath}.${step.id}`;
}

/** The nesting depth of a step: 0 at the top level, 1 inside a top-level step. */
export function depthOf(path: string): number {
  return path.split('.').length - 1;
}

/** The part of a step type needed to find its nested steps. */
export type NestingStepType = { readonly kind: 'action' } | Pick<ControlStepType, 'kind' | 'blocks'>;

/** Every step of a playbook, including nested ones, in the order written. */
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
