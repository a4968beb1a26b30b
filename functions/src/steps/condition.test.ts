import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Step } from '#language/playbook/playbook.ts';
import { condition } from './condition.ts';

const inner = { id: 'tell', type: 'notify' };
const step = Step.parse({
  id: 'check',
  type: 'condition',
  if: 'x > 0',
  then: [inner],
  else: [{ ...inner, id: 'rest' }],
});

describe('a condition', () => {
  test.each([
    [true, 'then'],
    [false, 'else'],
  ])('that is %s runs its %s block', (answer, branch) => {
    expect(condition.decide(step, () => answer)).toEqual({ output: { branch }, block: branch });
  });

  test('that is false runs nothing without an else block', () => {
    const { else: _, ...bare } = step;
    expect(condition.decide(bare, () => false)).toEqual({ output: { branch: 'else' }, block: undefined });
  });

  test.each([[1], [0], [''], ['true'], [null], [[]], [{}]])(
    'that is %j fails: it is never treated as true',
    (answer) => {
      expect(() => condition.decide(step, () => answer)).toThrow(
        expect.objectContaining({ code: 'expression_failed' }),
      );
    },
  );

  test('names its blocks in the order in which they may run', () => {
    expect(condition.blocks(step).map(({ name, steps }) => [name, steps.map(({ id }) => id)])).toEqual([
      ['then', ['tell']],
      ['else', ['rest']],
    ]);
  });

  test('needs an expression and a then block', () => {
    const fields = z.object(condition.fields(z.array(Step)));
    expect(fields.safeParse({ then: [inner] }).success).toBe(false);
    expect(fields.safeParse({ if: 'true' }).success).toBe(false);
    expect(fields.safeParse({ if: 'true', then: [inner] }).success).toBe(true);
  });
});
