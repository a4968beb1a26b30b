import { z } from 'zod';
import { truthOf } from '#language/expressions/expression.ts';
import { PlaybookError } from '#core/failure.ts';
import { Step } from '#language/playbook/playbook.ts';
import type { ControlStepType } from '#language/playbook/step-type.ts';

const Steps = z.array(Step).default([]);

/** Runs `then` where its expression is true and `else` where it is false; anything else fails. */
export const condition: ControlStepType = {
  kind: 'control',
  type: 'condition',
  summary: 'Chooses what runs next: `then` where an expression is true, `else` where it is false.',
  output: z.strictObject({ branch: z.enum(['then', 'else']) }),
  example: {
    id: 'any_offline',
    type: 'condition',
    if: 'size(steps.integrations.output.offline) > 0',
    then: [{ id: 'alert', type: 'notify', channels: ['slack'], subject: 'Something is offline', body: 'Look now.' }],
  },
  fields: (steps) => ({
    if: z.string().min(1).describe('The expression that decides; it must be true or false.'),
    then: steps.describe('The steps to run where it is true.'),
    else: steps.optional().describe('The steps to run where it is false.'),
  }),
  blocks: (step) => [
    { name: 'then', steps: Steps.parse(step['then']) },
    { name: 'else', steps: Steps.parse(step['else']) },
  ],
  expressions: (step) => (step.if === undefined ? [] : [{ field: 'if', expression: step.if }]),
  decide(step, evaluate) {
    if (step.if === undefined) {
      throw new PlaybookError(
        'invalid_playbook',
        `The condition ${step.id} has no 'if'; write the expression that decides.`,
      );
    }
    const branch = truthOf(step.if, evaluate(step.if)) ? 'then' : 'else';
    return { output: { branch }, block: branch === 'then' || step['else'] !== undefined ? branch : undefined };
  },
};
