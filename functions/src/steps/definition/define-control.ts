import { z } from 'zod';
import type { Json, JsonObject } from '#core/json.ts';
import { Step } from '#language/playbook/playbook.ts';
import type { ControlStepType, Decision } from '#language/playbook/step-type.ts';

const Steps = z.array(Step).default([]);

/** A list of steps inside a control step. */
interface DeclaredBlock {
  readonly summary: string;
  readonly required: boolean;
}

interface ControlDeclaration<Output extends z.ZodType<Json, Json>, Block extends string> {
  readonly type: string;
  /** One sentence for the reference page. */
  readonly summary: string;
  readonly output: Output;
  readonly example: JsonObject;
  /** The fields that contain an expression, without `${{ }}`. */
  readonly expressions: z.ZodRawShape;
  /** How these lists run: `one` of them, `all` beside each other, or one `each` time for an item. */
  readonly runs?: ControlStepType['runs'];
  /** The lists of steps inside it, in the order in which they may run. */
  readonly blocks: Readonly<Record<Block, DeclaredBlock>>;
  /** Chooses what runs. `evaluate` evaluates an expression against the present values. Throws `expression_failed`. */
  decide(step: Step, evaluate: (expression: string) => Json): Decision & { readonly output: z.input<Output> };
}

/** Makes a control step type, which decides what runs, from its declaration. */
export function defineControl<Output extends z.ZodType<Json, Json>, Block extends string>(
  declaration: ControlDeclaration<Output, Block>,
): ControlStepType {
  const { expressions, blocks, runs = 'one', ...described } = declaration;
  const declared = Object.entries<DeclaredBlock>(blocks);
  return {
    ...described,
    kind: 'control',
    runs,
    fields: (steps) => ({
      ...expressions,
      ...Object.fromEntries(
        declared.map(([name, { summary, required }]) => [
          name,
          (required ? steps : steps.optional()).describe(summary),
        ]),
      ),
    }),
    blocks: (step) => declared.map(([name]) => ({ name, steps: Steps.parse(step[name]) })),
    expressions: (step) =>
      Object.keys(expressions).flatMap((field) => {
        const expression = step[field];
        return typeof expression === 'string' ? [{ field, expression }] : [];
      }),
  };
}
