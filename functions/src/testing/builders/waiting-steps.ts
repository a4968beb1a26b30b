import { z } from 'zod';
import { JsonValue, type Json } from '#core/json.ts';
import type { ActionStepType, ControlStepType, StepContext } from '#language/playbook/step-type.ts';
import { Suspended, type Suspension } from '#language/playbook/suspension.ts';
import { defineControl } from '#steps/definition/define-control.ts';
import { scripted, type Script } from './engine-world.ts';

/** What a step does that was suspended and goes on. */
export type Resume = (suspension: Suspension, context: StepContext) => unknown;

/** A step type whose steps may return a `Suspended`; `resume` says what they come to once they are woken. */
export function waiting(type: string, script: Script, resume: Resume, does?: ActionStepType['effect']): ActionStepType {
  const step = scripted(type, script, { defaultTimeoutMs: 60_000 });
  return {
    ...step,
    ...(does === undefined ? {} : { effect: does }),
    resume: (_, suspension) => async (context) => resume(suspension, context),
  };
}

/** A step that waits for as many milliseconds as its field `with` says, and leaves how long it took. */
export const wait: ActionStepType = waiting(
  'wait',
  ({ with: forMs }, { clock }) =>
    new Suspended({ until: new Date(clock.now().getTime() + z.number().parse(forMs ?? null)) }),
  (suspension, { clock }) => {
    if ('until' in suspension && suspension.until > clock.now()) return new Suspended(suspension);
    return 'waited';
  },
);

/** Runs `a`, `b` and `c` beside each other, at most `limit` at a time. */
export const parallel: ControlStepType = defineControl({
  type: 'parallel',
  summary: 'Runs three lists of steps beside each other.',
  runs: 'all',
  output: z.strictObject({ branches: z.number() }),
  example: { id: 'all', type: 'parallel', a: [], b: [] },
  expressions: { limit: z.string().optional() },
  blocks: {
    a: { summary: 'The first list.', required: true },
    b: { summary: 'The second list.', required: false },
    c: { summary: 'The third list.', required: false },
  },
  decide(step) {
    const blocks = ['a', 'b', 'c'].filter((name) => step[name] !== undefined);
    return { output: { branches: blocks.length }, branches: { blocks, limit: limitOf(step['limit']) } };
  },
});

/** Runs `do` once for each item of the list that `items` yields, at most `limit` at a time. */
export const forEach: ControlStepType = defineControl({
  type: 'for_each',
  summary: 'Runs a list of steps for each item.',
  runs: 'each',
  output: z.strictObject({ count: z.number() }),
  example: { id: 'each', type: 'for_each', items: '[1, 2]', do: [] },
  expressions: { items: z.string(), limit: z.string().optional() },
  blocks: { do: { summary: 'The steps of one item.', required: true } },
  decide(step, evaluate) {
    const items: Json[] = z.array(JsonValue).parse(evaluate(z.string().parse(step['items'])));
    return { output: { count: items.length }, each: { block: 'do', items, limit: limitOf(step['limit']) } };
  },
});

function limitOf(written: Json | undefined): number {
  return typeof written === 'string' ? Number(written) : 3;
}
