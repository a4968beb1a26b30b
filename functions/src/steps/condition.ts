import { z } from 'zod';
import { truthOf } from '#language/expressions/expression.ts';
import { PlaybookError } from '#core/failure.ts';
import { defineControl } from './definition/define-control.ts';

const Branch = z.enum(['then', 'else']);

/** Runs `then` where its expression is true and `else` where it is false; anything else fails. */
export const condition = defineControl({
  type: 'condition',
  summary: 'Chooses what runs next: `then` where an expression is true, `else` where it is false.',
  output: z.strictObject({ branch: Branch }),
  example: {
    id: 'any_offline',
    type: 'condition',
    if: 'size(steps.integrations.output.offline) > 0',
    then: [{ id: 'alert', type: 'notify', channels: ['slack'], subject: 'Something is offline', body: 'Look now.' }],
  },
  expressions: { if: z.string().min(1).describe('The expression that decides; it must be true or false.') },
  blocks: {
    then: { summary: 'The steps to run where it is true.', required: true },
    else: { summary: 'The steps to run where it is false.', required: false },
  },
  decide(step, evaluate) {
    if (step.if === undefined) {
      throw new PlaybookError(
        'invalid_playbook',
        `The condition ${step.id} has no 'if'; write the expression that decides.`,
      );
    }
    const branch: z.infer<typeof Branch> = truthOf(step.if, evaluate(step.if)) ? 'then' : 'else';
    return { output: { branch }, block: branch === 'then' || step['else'] !== undefined ? branch : undefined };
  },
});
