import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Step } from '#language/playbook/playbook.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { bindSteps, stepTypesForChecking } from './index.ts';

const bound = bindSteps(stepPorts());

test('there are the six step types that playbooks are written in', () => {
  expect(bound.map(({ type }) => type).toSorted()).toEqual([
    'condition',
    'create_thread',
    'delegate',
    'notify',
    'synthesize',
    'tool_call',
  ]);
});

describe.each(stepTypesForChecking.map((stepType) => [stepType.type, stepType] as const))('%s', (type, stepType) => {
  const fields = z.object(stepType.kind === 'action' ? stepType.fields : stepType.fields(z.array(Step)));

  test('has an example that is valid', () => {
    expect(Step.parse(stepType.example).type).toBe(type);
    expect(fields.safeParse(stepType.example).error).toBeUndefined();
  });

  test('says what it does in a sentence', () => {
    expect(stepType.summary).toMatch(/^[A-Z].+\.$/);
  });

  test('can be described to an editor', () => {
    expect(z.toJSONSchema(fields, { io: 'input', target: 'draft-7' })).toMatchObject({ type: 'object' });
    expect(z.toJSONSchema(stepType.output, { target: 'draft-7' })).toBeTypeOf('object');
  });
});

const actions = stepTypesForChecking.flatMap((stepType) => (stepType.kind === 'action' ? [stepType] : []));

test.each(actions.map((stepType) => [stepType.type, stepType] as const))(
  '%s, bound for checking, cannot run',
  async (_, action) => {
    await expect(action.run({}, stepContext())).rejects.toMatchObject({ code: 'internal' });
  },
);
