import type { Json } from '#core/json.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { StepDefinition, StepPorts } from '#steps/definition/define-step.ts';

/** One attempt of a step with these filled-in fields. Resolves to its output; also rejects if the fields are refused. */
export async function attemptStep(
  definition: StepDefinition,
  fields: Json,
  context: StepContext,
  ports: StepPorts,
): Promise<unknown> {
  return definition.bind(ports).accept({ id: context.stepPath }, fields)(context);
}
