import { z } from 'zod';
import { truthOf } from '#language/expressions/expression.ts';
import { PlaybookError } from '#core/failure.ts';
import { defineControl } from './definition/define-control.ts';

const Branch = z.enum(['then', 'else']);

/** Runs `then` if its expression is true and `else` if it is false; any other value fails. */
export const condition = defineControl({
  type: 'condition',
  summary: 'Chooses what runs next: `then` if an expression is true, `else` if it is false.',
  output: z.strictObject({ branch: Branch }),
  example: {
    id: 'any_offline',
    type: 'condition',
    if: 'size(steps.integrations.output.offline) > 0',
    then: [{ id: 'alert', type: 'notify', channels: ['slack'], subject: 'Something is offline', body: 'Look now.' }],
  },
  expressions: { if: z.string().min(1).describe('The expression to evaluate; its result must be true or false.') },
  blocks: {
    then: { summary: 'The steps to run if it is true.', required: true },
    else: { summary: 'The steps to run if it is false.', required: false },
  },
  decide(step, evaluate) {
    if (step.if === undefined) {
      throw new PlaybookError(
        'invalid_playbook',
        `The condition ${step.id} has no 'if'; write the expression to evaluate.`,
      );
    }
    const branch: z.infer<typeof Branch> = truthOf(step.if, evaluate(step.if)) ? 'then' : 'else';
    return { output: { branch }, block: branch === 'then' || step['else'] !== undefined ? branch : undefined };
  },
});
