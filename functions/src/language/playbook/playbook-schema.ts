import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { commonStepFields, MAX_STEPS, playbookFields, Step } from './playbook.ts';
import { schemaProblems } from './schema-problems.ts';
import type { ControlStepType, DescribedAction } from './step-type.ts';

/** The parts of a step type that definitions are checked against; it need not be able to run. */
export type StepTypeShape = (
  | Pick<DescribedAction, 'kind' | 'type' | 'fields' | 'names'>
  | Pick<ControlStepType, 'kind' | 'type' | 'runs' | 'fields' | 'blocks' | 'expressions'>
) & { readonly output?: z.ZodType };

/**
 * The strict schema of a playbook with these step types, including nested steps. It only checks: the engine's
 * `Playbook` reads the same value. Any field of an action may contain `${{ }}` instead of its usual value.
 */
export function playbookSchema(stepTypes: readonly StepTypeShape[]): z.ZodType {
  return schemaOf(stepTypes, templated);
}

/** The same as a JSON Schema (draft-07), for editors. */
export function playbookJsonSchema(stepTypes: readonly StepTypeShape[]): Json {
  return jsonSchemaOf(schemaOf(stepTypes, orTemplate));
}

/** The JSON Schema (draft-07) of a schema's input, as written in files. */
export function jsonSchemaOf(schema: z.core.$ZodType): Json {
  return z.json().parse(z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }));
}

type FieldRule = (field: z.core.$ZodType) => z.core.$ZodType;

function schemaOf(stepTypes: readonly StepTypeShape[], fieldRule: FieldRule): z.ZodType {
  const nested: z.ZodType<readonly Step[]> = z.lazy(() => z.array(step).min(1).max(MAX_STEPS).pipe(z.array(Step)));
  const options = stepTypes.map((stepType) =>
    z.strictObject({ type: z.literal(stepType.type), ...commonStepFields, ...ownFields(stepType, nested, fieldRule) }),
  );
  const [first, ...others] = options;
  const step: z.ZodType = first === undefined ? z.never() : z.discriminatedUnion('type', [first, ...others]);
  return z.strictObject({ ...playbookFields, steps: z.array(step).min(1).max(MAX_STEPS) });
}

function ownFields(stepType: StepTypeShape, nested: z.ZodType<readonly Step[]>, fieldRule: FieldRule): z.ZodRawShape {
  if (stepType.kind === 'control') return stepType.fields(nested);
  return Object.fromEntries(Object.entries(stepType.fields).map(([name, field]) => [name, fieldRule(field)]));
}

/** Accepts what the field accepts, and texts that contain `${{ }}`, whose values are not known yet. */
function templated(field: z.core.$ZodType): z.ZodType {
  const checked = z.unknown().superRefine((value, context) => {
    for (const { path, message, suggestion, at } of schemaProblems(field, value, { templates: true })) {
      const missing = value === undefined;
      context.addIssue({ code: 'custom', path: [...path], message, params: { suggestion, at, missing } });
    }
  });
  return z.safeParse(field, undefined).success ? checked.optional() : checked;
}

/** For editors: the field, or a text with `${{ }}` in its place. */
function orTemplate(field: z.core.$ZodType): z.core.$ZodType {
  if (z.safeParse(field, '${{ x }}').success) return field;
  const either = z.union([field, z.string().regex(/\$\{\{/)]);
  return z.safeParse(field, undefined).success ? either.optional() : either;
}
