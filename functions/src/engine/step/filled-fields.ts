import { PlaybookError } from '#core/failure.ts';
import { illFormedAt } from '#core/ill-formed.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { commonStepFields, type Step } from '#language/playbook/playbook.ts';
import type { RunState } from '../state/run-state.ts';
import { scopeFor, templateSources } from './read-back.ts';
import type { RunnableStep } from './runnable-step.ts';

/** The fields of a step's own type, as they are written. */
export function ownFields(step: Step): JsonObject {
  const common = new Set(['type', ...Object.keys(commonStepFields)]);
  const fields: [string, Json][] = [];
  for (const [name, value] of Object.entries(step)) {
    if (!common.has(name) && value !== undefined) fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

/** What the templates of these fields may see, with the outputs that they name. */
export async function scopeOfFields(fields: JsonObject, run: RunState): Promise<JsonObject> {
  const now = run.engine.clock.now();
  return run.scope.stored.size === 0 ? run.scope.at(now) : scopeFor(templateSources(fields), now, run);
}

/** The fields with every `${{ }}` filled in. Throws `expression_failed`, and `input_invalid` for half a character. */
export function filledIn({ step }: RunnableStep, fields: JsonObject, scope: JsonObject, run: RunState): Json {
  const resolved = run.engine.redact.values(run.expressions.resolve(fields, scope));
  const broken = illFormedAt(resolved);
  if (broken === undefined) return resolved;
  throw new PlaybookError(
    'input_invalid',
    `The field ${broken} of ${step.id} holds half of a character after filling in: a text was cut inside of an emoji, ` +
      `or of another character that consists of two parts. Cut it at another place, or not at all.`,
  );
}
