import { PlaybookError } from '#core/failure.ts';
import type { StepType } from '#language/playbook/step-type.ts';
import type { Ports } from '#ports/ports.ts';
import { condition } from './condition.ts';
import { createThread } from './create-thread.ts';
import { delegate } from './delegate.ts';
import { notify } from './notify.ts';
import { bindStep, type StepDefinition } from './step-definition.ts';
import { synthesize } from './synthesize.ts';
import { toolCall } from './tool-call.ts';

/** The step types that do something. */
export const stepDefinitions: readonly StepDefinition[] = [toolCall, delegate, synthesize, notify, createThread];

/** The step types that decide what runs. */
export const controlStepTypes = [condition] as const;

/** Every step type, with the world that it may reach. */
export function bindSteps(ports: Ports): readonly StepType[] {
  return [...stepDefinitions.map((definition) => bindStep(definition, ports)), ...controlStepTypes];
}

/** Every step type as definitions are checked against it, without a world: these cannot run. */
export const stepTypesForChecking: readonly StepType[] = [
  ...stepDefinitions.map((definition) => ({
    ...definition,
    run: () => Promise.reject(new PlaybookError('internal', `${definition.type} was bound for checking only.`)),
  })),
  ...controlStepTypes,
];
