import type { Json } from '#core/json.ts';
import type { DefinitionPath } from './definition-problem.ts';
import type { Step } from './playbook.ts';

/**
 * The fields of a step type that name something, by what they name. Playbook checks, the list of a playbook's agents
 * and the cost per agent rely on these alone. Each field contains a name or a list of names.
 */
export interface StepNames<Field extends string = string> {
  /** An agent, by the id of its file. */
  readonly agent?: Field;
  /** A role of `people.yaml`. */
  readonly role?: Field;
  /** Roles of `people.yaml` or mail addresses: who is notified through the `channels`. */
  readonly recipients?: Field;
  readonly channels?: Field;
  readonly tool?: Field;
  /** The input of that tool. */
  readonly toolInput?: Field;
}

/** The value of a field of a step, and its path. */
export interface WrittenField {
  readonly value: Json | undefined;
  readonly path: DefinitionPath;
}

/** The field of this name; its value is undefined if the step type has no such field. */
export function writtenField(step: Step, field: string | undefined, path: DefinitionPath): WrittenField {
  return field === undefined ? { value: undefined, path } : { value: step[field], path: [...path, field] };
}

/** The texts in a field that contains one text or a list, each with its path. */
export function writtenTexts({ value, path }: WrittenField): readonly { text: string; path: DefinitionPath }[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: Json, index) =>
    typeof item === 'string' ? [{ text: item, path: [...path, index] }] : [],
  );
}
