import { hasTemplate } from '#language/expressions/template.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { writtenField, writtenTexts } from '#language/playbook/step-names.ts';
import { allSteps } from '#language/playbook/steps-in-order.ts';
import type { DescribedStepType } from '#language/playbook/step-type.ts';

/**
 * The agents that the steps of a playbook name, nested ones included, each once in the order of the playbook. None where
 * the nested steps cannot be read: such a playbook does not run.
 */
export function namedAgents({ steps }: Playbook, stepTypes: ReadonlyMap<string, DescribedStepType>): string[] {
  try {
    const named = allSteps(steps, stepTypes).flatMap(({ step }) => {
      const type = stepTypes.get(step.type);
      return type?.kind === 'action' ? writtenTexts(writtenField(step, type.names?.agent, [])) : [];
    });
    // An expression names an agent only when the step runs.
    return [...new Set(named.map(({ text }) => text).filter((text) => !hasTemplate(text)))];
  } catch {
    return [];
  }
}
