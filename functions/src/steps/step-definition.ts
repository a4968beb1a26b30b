import type { JsonObject } from '#core/json.ts';
import type { ActionStepType, StepContext } from '#language/playbook/step-type.ts';
import type { Ports } from '#ports/ports.ts';

/** An action step type before it is given the world: everything about it in one file. */
export interface StepDefinition extends Omit<ActionStepType, 'run'> {
  /** As the engine's `run`, with the ports. */
  run(input: JsonObject, context: StepContext, ports: Ports): Promise<unknown>;
}

/** Hands a step type its ports; what comes out is what the engine knows. */
export function bindStep(definition: StepDefinition, ports: Ports): ActionStepType {
  return { ...definition, run: (input, context) => definition.run(input, context, ports) };
}
