import type { ControlStepType, StepType } from '#language/playbook/step-type.ts';
import { condition } from './condition.ts';
import { createThread } from './create-thread.ts';
import type { StepDefinition, StepPorts } from './definition/define-step.ts';
import { delegate } from './delegate.ts';
import { notify } from './notify.ts';
import { synthesize } from './synthesize.ts';
import { toolCall } from './tool-call.ts';

/** A step type of either kind: an action, or a control step that decides what runs. */
export type AnyStepDefinition = StepDefinition | ControlStepType;

/** Every step type that a playbook can use. */
export const stepTypes: readonly AnyStepDefinition[] = [
  toolCall,
  delegate,
  synthesize,
  notify,
  createThread,
  condition,
];

/** The step types as the engine knows them, by name, bound to the ports that they may use. */
export function bindSteps(definitions: readonly AnyStepDefinition[], ports: StepPorts): ReadonlyMap<string, StepType> {
  return new Map(
    definitions.map((definition) => [
      definition.type,
      definition.kind === 'action' ? definition.bind(ports) : definition,
    ]),
  );
}
