import { isJsonObject, type Json } from '#core/json.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import type { StepType } from '#language/playbook/step-type.ts';
import { hasTemplate } from '#language/expressions/template.ts';

/** Whether running this playbook evaluates anything at all. */
export function needsExpressions(playbook: Playbook, types: ReadonlyMap<string, Pick<StepType, 'kind'>>): boolean {
  return (
    (playbook.criteria ?? []).length > 0 ||
    playbook.steps.some(
      (step) =>
        step.if !== undefined || types.get(step.type)?.kind !== 'action' || Object.values(step).some(holdsTemplate),
    )
  );
}

function holdsTemplate(value: Json | undefined): boolean {
  if (typeof value === 'string') return hasTemplate(value);
  if (Array.isArray(value)) return value.some(holdsTemplate);
  return isJsonObject(value) && Object.values(value).some(holdsTemplate);
}
