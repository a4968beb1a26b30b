import type { Json } from '#core/json.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { allSteps } from '#language/playbook/steps-in-order.ts';
import type { StepType } from '#language/playbook/step-type.ts';

/**
 * The agents that the steps of a playbook name, nested ones included, each once in the order of the playbook. None where
 * the nested steps cannot be read: such a playbook does not run.
 */
export function namedAgents({ steps }: Playbook, stepTypes: ReadonlyMap<string, StepType>): string[] {
  try {
    const named = allSteps(steps, stepTypes).flatMap(({ step: { agent } }) => (isName(agent) ? [agent] : []));
    return [...new Set(named)];
  } catch {
    return [];
  }
}

/** An expression names an agent only when the step runs. */
function isName(agent: Json | undefined): agent is string {
  return typeof agent === 'string' && !agent.includes('${{');
}
